namespace AzsBackup.Playground.Stacks;

/// <summary>The disks of the three VMs in the emulated stack's sample estate.</summary>
internal static class SampleEstate
{
    private const string Disks = "/subscriptions/{subscriptionId}/resourceGroups/contoso-app/providers/Microsoft.Compute/disks/";
    private const string Blobs = "https://contosoappdata.blob/vhds/"; // the stack puts its own domain in
    private const long MiB = 1 << 20;

    /// <summary>The OS disk of the VM the tour looks at most closely, and which <c>--disk</c> replaces.</summary>
    public static SampleDisk First { get; } = new("app-web-1", null, Disks + "app-web-1-os", 512 * MiB, 110 * MiB);

    /// <summary>The second web server's OS disk, made of the same image as the first one's.</summary>
    public static SampleDisk Second { get; } = new("app-web-2", null, Disks + "app-web-2-os", 512 * MiB, 12 * MiB);

    /// <summary>All disks but those two; the database's are not managed disks but blobs of the tenant's own account.</summary>
    public static IReadOnlyList<SampleDisk> Others { get; } =
    [
        new("app-web-1", 0, Disks + "app-web-1-data", 128 * MiB, 16 * MiB),
        new("app-web-2", 0, Disks + "app-web-2-data", 128 * MiB, 16 * MiB),
        new("db-1", null, Blobs + "db-1-os.vhd", 256 * MiB, 40 * MiB),
        new("db-1", 0, Blobs + "db-1-data.vhd", 128 * MiB, 20 * MiB),
    ];

    /// <summary>All disks.</summary>
    public static IReadOnlyList<SampleDisk> All { get; } = [First, Second, .. Others];
}
