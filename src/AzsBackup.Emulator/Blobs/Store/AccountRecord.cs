namespace AzsBackup.Emulator.Blobs.Store;

/// <summary>A storage account in a fact.</summary>
internal sealed record AccountRecord(
    string Name, IReadOnlyList<byte[]> Keys, IReadOnlyList<KeyValuePair<string, string>> Analytics, IReadOnlyList<CorsRule> Cors, string? DefaultVersion)
{
    public static AccountRecord Of(StorageAccount account) =>
        new(account.Name, account.Keys, [.. account.Properties.Analytics], account.Properties.Cors, account.Properties.DefaultVersion);

    public ServiceProperties ToProperties() => new()
    {
        Analytics = new OrderedDictionary<string, string>(Analytics),
        Cors = Cors,
        DefaultVersion = DefaultVersion,
    };
}
