using AzsBackup.Model;

namespace AzsBackup.Vault.Retention;

/// <summary>
/// How many points of one item to keep. Each rule keeps the newest point of each of its newest periods that have one; a point
/// stays if any rule keeps it. A rule of 0 keeps nothing; with all rules 0 only the newest point and pinned ones stay.
/// </summary>
public sealed record RetentionPolicy
{
    /// <summary>How many of the newest points stay, whatever their age.</summary>
    public int Last { get; init; }

    /// <summary>For how many hours that have a point.</summary>
    public int Hourly { get; init; }

    /// <summary>For how many days that have a point, midnight to midnight in <see cref="TimeZone"/>.</summary>
    public int Daily { get; init; }

    /// <summary>For how many weeks that have a point, Monday to Sunday (ISO 8601).</summary>
    public int Weekly { get; init; }

    /// <summary>For how many months that have a point.</summary>
    public int Monthly { get; init; }

    /// <summary>For how many years that have a point.</summary>
    public int Yearly { get; init; }

    /// <summary>Where days begin. An hour that a change to winter time repeats counts as two.</summary>
    public TimeZoneInfo TimeZone { get; init; } = TimeZoneInfo.Utc;

    /// <summary>Checks the numbers.</summary>
    /// <exception cref="AzsException"><c>RetentionPolicyInvalid</c>: one of them is negative.</exception>
    public void Validate()
    {
        if (new[] { Last, Hourly, Daily, Weekly, Monthly, Yearly }.Any(count => count < 0))
        {
            throw new AzsException(
                AzsErrorKind.InvalidInput, "RetentionPolicyInvalid", "A retention policy can't keep a negative number of points.",
                "Give 0 for rules that shall keep nothing.");
        }
    }
}
