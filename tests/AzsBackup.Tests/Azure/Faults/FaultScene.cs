using AzsBackup.Model;

namespace AzsBackup.Tests.Azure.Faults;

/// <summary>A VM of the sample estate, and how it is backed up.</summary>
/// <param name="Vm">Its name.</param>
/// <param name="Disks">Its disks as options of an emulated stack name them: the OS disk, then by LUN.</param>
/// <param name="ChangeSource">How changes are found; as the stack allows if null.</param>
internal sealed record FaultScene(string Vm, string[] Disks, AzsChangeSource? ChangeSource)
{
    private const string Disk = "/subscriptions/{subscriptionId}/resourceGroups/contoso-app/providers/Microsoft.Compute/disks/";
    private const string Account = "https://contosoappdata.blob";

    /// <summary>Managed disks and page range differences.</summary>
    public static FaultScene Managed { get; } = new("app-web-1", [Disk + "app-web-1-os", Disk + "app-web-1-data"], null);

    /// <summary>Unmanaged disks: account keys and blob snapshots.</summary>
    public static FaultScene Unmanaged { get; } =
        new("db-1", [Account + "/vhds/db-1-os.vhd", Account + "/vhds/db-1-data.vhd"], null);

    /// <summary>Managed disks, with changes found in another way.</summary>
    public static FaultScene With(AzsChangeSource source) => Managed with { ChangeSource = source };
}
