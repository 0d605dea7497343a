using System.Globalization;
using System.Text.Json.Serialization;
using AzsBackup.Model;

namespace AzsBackup.Engine.Policies;

/// <summary>When a policy runs, by the clock on the wall of a time zone.</summary>
public sealed record PolicySchedule
{
    /// <summary>How often.</summary>
    public required AzsScheduleFrequency Frequency { get; init; }

    /// <summary>The zone whose clocks are meant: an IANA or a Windows id.</summary>
    public required string TimeZone { get; init; }

    /// <summary>Hourly: every so many hours from midnight, 1 to 23. Else 0.</summary>
    public int EveryHours { get; init; }

    /// <summary>Hourly: at this minute of the hour, 0 to 59. Else 0.</summary>
    public int Minute { get; init; }

    /// <summary>Daily, weekly, monthly: the times of the day.</summary>
    public IReadOnlyList<TimeOnly> At { get; init; } = [];

    /// <summary>Weekly, and monthly with <see cref="WeeksOfMonth"/>: the days of the week.</summary>
    public IReadOnlyList<DayOfWeek> DaysOfWeek { get; init; } = [];

    /// <summary>Monthly: days of the month, 1 to 31, or −1 to −31 counted from its end; a day that a month does not have is its last, or its first.</summary>
    public IReadOnlyList<int> DaysOfMonth { get; init; } = [];

    /// <summary>Monthly: which of the month's <see cref="DaysOfWeek"/>.</summary>
    public IReadOnlyList<AzsWeekOfMonth> WeeksOfMonth { get; init; } = [];

    /// <summary>The zone.</summary>
    /// <exception cref="AzsException"><c>TimeZoneUnknown</c>.</exception>
    [JsonIgnore]
    public TimeZoneInfo Zone => PolicyZone.Find(TimeZone);

    /// <summary>All that is wrong with it, a sentence each.</summary>
    public IEnumerable<string> FindFaults()
    {
        var isHourly = Frequency == AzsScheduleFrequency.Hourly;
        if (isHourly && EveryHours is < 1 or > 23) yield return "Every how many hours it runs must be 1 to 23.";
        if (Minute is < 0 or > 59) yield return "The minute must be 0 to 59.";
        if (!isHourly && At.Count == 0) yield return "It says no time of the day.";
        if (isHourly && At.Count > 0) yield return "Times of the day and hours between runs exclude each other.";
        if (Frequency == AzsScheduleFrequency.Weekly && DaysOfWeek.Count == 0) yield return "It says no day of the week.";
        if (Frequency == AzsScheduleFrequency.Monthly && (DaysOfMonth.Count == 0) == (WeeksOfMonth.Count == 0)) yield return "It must say either days of the month or which weeks of the month.";
        if (WeeksOfMonth.Count > 0 && DaysOfWeek.Count == 0) yield return "It says which weeks of the month, but no day of the week.";
        if (Frequency != AzsScheduleFrequency.Monthly && (DaysOfMonth.Count > 0 || WeeksOfMonth.Count > 0)) yield return "Days and weeks of the month are for monthly schedules.";
        if (Frequency is AzsScheduleFrequency.Hourly or AzsScheduleFrequency.Daily && DaysOfWeek.Count > 0) yield return "Days of the week are for weekly and monthly schedules.";
        if (DaysOfMonth.Any(day => day is 0 or < -31 or > 31)) yield return "Days of the month are 1 to 31, or -1 to -31 from its end.";
    }

    /// <summary>The schedule in words.</summary>
    public string Describe()
    {
        var times = string.Join(", ", At.Order().Select(time => time.ToString("HH:mm", CultureInfo.InvariantCulture)));
        var days = string.Join(", ", DaysOfWeek.Distinct().Order());
        var when = Frequency switch
        {
            AzsScheduleFrequency.Hourly when EveryHours == 1 => $"every hour at minute {Minute:00}",
            AzsScheduleFrequency.Hourly => $"every {EveryHours} hours at minute {Minute:00}",
            AzsScheduleFrequency.Daily => $"daily at {times}",
            AzsScheduleFrequency.Weekly => $"{days} at {times}",
            _ when WeeksOfMonth.Count > 0 => $"{string.Join(", ", WeeksOfMonth.Distinct().Order()).ToLowerInvariant()} {days} of the month at {times}",
            _ => $"monthly on {string.Join(", ", DaysOfMonth.Distinct().Order())} at {times}",
        };
        return $"{when} ({TimeZone})";
    }
}
