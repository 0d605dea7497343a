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

    /// <summary>As <see cref="Run"/>, in a blob's metadata, whose names are identifiers.</summary>
    public const string BlobRun = "azsbackup_run";

    /// <summary>As <see cref="Vault"/>, in a blob's metadata.</summary>
    public const string BlobVault = "azsbackup_vault";

    /// <summary>As <see cref="Session"/>, in a blob's metadata.</summary>
    public const string BlobSession = "azsbackup_session";

    /// <summary>What a blob snapshot gets of the tags of a run: those that are plain ASCII by their nature.</summary>
    public static IReadOnlyDictionary<string, string> ForBlob(IReadOnlyDictionary<string, string> tags) =>
        new (string Tag, string Name)[] { (Run, BlobRun), (Vault, BlobVault), (Session, BlobSession) }
            .Where(pair => tags.ContainsKey(pair.Tag)).ToDictionary(pair => pair.Name, pair => tags[pair.Tag], StringComparer.Ordinal);

    // Microsoft.Resources allows 256 characters in a tag's value.
    public static string ValueFor(VmDescription vm) => vm.Id.ToString() is { Length: <= 256 } id ? id : vm.Name;
}
