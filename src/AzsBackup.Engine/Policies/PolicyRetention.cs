using AzsBackup.Vault.Retention;

namespace AzsBackup.Engine.Policies;

/// <summary>Which of a policy's points stay, of each VM; periods are those of the schedule's zone.</summary>
public sealed record PolicyRetention
{
    /// <summary>The newest so many.</summary>
    public int Last { get; init; }

    /// <summary>One an hour, for so many hours that have one.</summary>
    public int Hourly { get; init; }

    /// <summary>One a day, for so many days that have one.</summary>
    public int Daily { get; init; }

    /// <summary>One a week, Monday to Sunday, for so many weeks that have one.</summary>
    public int Weekly { get; init; }

    /// <summary>One a month, for so many months that have one.</summary>
    public int Monthly { get; init; }

    /// <summary>One a year, for so many years that have one.</summary>
    public int Yearly { get; init; }

    /// <summary>Whether it says nothing; then every point stays.</summary>
    public bool IsEmpty() => this == new PolicyRetention();

    /// <summary>The rules for the vault.</summary>
    /// <param name="zone">Where days begin.</param>
    public RetentionPolicy ToVault(TimeZoneInfo zone) => new()
    {
        Last = Last,
        Hourly = Hourly,
        Daily = Daily,
        Weekly = Weekly,
        Monthly = Monthly,
        Yearly = Yearly,
        TimeZone = zone,
    };
}
