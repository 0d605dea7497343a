namespace AzsBackup.Engine.Disks;

/// <summary>The tags of the snapshots we make, by which a later run knows whose they are.</summary>
internal static class SnapshotTags
{
    /// <summary>The run that made it.</summary>
    public const string Run = "azsbackup-run";

    /// <summary>The VM it is of.</summary>
    public const string Vm = "azsbackup-vm";

    /// <summary>The vault the run wrote to.</summary>
    public const string Vault = "azsbackup-vault";

    /// <summary>The run's session in that vault.</summary>
    public const string Session = "azsbackup-session";

    // Microsoft.Resources allows 256 characters in a tag's value.
    public static string ValueFor(VmDescription vm) => vm.Id.ToString() is { Length: <= 256 } id ? id : vm.Name;
}
