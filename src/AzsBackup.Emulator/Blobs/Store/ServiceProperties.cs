namespace AzsBackup.Emulator.Blobs.Store;

/// <summary>What an account's owner has set for its blob service as a whole. Replaced as a whole.</summary>
internal sealed record ServiceProperties
{
    private const string NoRetention = "<RetentionPolicy><Enabled>false</Enabled></RetentionPolicy>";

    /// <summary>The settings of logging and metrics as XML elements, by their names, in the order they are told in. The service keeps them; nothing follows from them.</summary>
    public IReadOnlyDictionary<string, string> Analytics { get; init; } = new OrderedDictionary<string, string>
    {
        ["Logging"] = $"<Logging><Version>1.0</Version><Delete>false</Delete><Read>false</Read><Write>false</Write>{NoRetention}</Logging>",
        ["HourMetrics"] = $"<HourMetrics><Version>1.0</Version><Enabled>false</Enabled>{NoRetention}</HourMetrics>",
        ["MinuteMetrics"] = $"<MinuteMetrics><Version>1.0</Version><Enabled>false</Enabled>{NoRetention}</MinuteMetrics>",
    };

    public IReadOnlyList<CorsRule> Cors { get; init; } = [];

    /// <summary>The version of requests that name none; null: the oldest.</summary>
    public string? DefaultVersion { get; init; }
}
