namespace AzsBackup.Emulator.KeyVault;

/// <summary>The secrets of one vault, the newest version of each last.</summary>
internal sealed class VaultContents
{
    public SortedDictionary<string, List<SecretVersion>> Secrets { get; } = new(StringComparer.OrdinalIgnoreCase);
}
