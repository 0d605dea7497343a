using System.Globalization;

namespace AzsBackup.Vault.Retention;

/// <summary>Which points of one item stay: a pure function of points and policy; no clock, so waiting alone removes nothing.</summary>
public static class PointRetention
{
    /// <summary>Decides for all points of one item.</summary>
    /// <param name="points">The points, in any order.</param>
    /// <param name="policy">What to keep.</param>
    /// <returns>A decision for each point, newest first; points of the same time by id.</returns>
    /// <exception cref="Model.AzsException"><c>RetentionPolicyInvalid</c>.</exception>
    /// <exception cref="ArgumentException">A point's time is not UTC.</exception>
    public static IReadOnlyList<RetentionDecision> Decide(IEnumerable<RetainedPoint> points, RetentionPolicy policy)
    {
        policy.Validate();
        RetainedPoint[] ordered = [.. points.OrderByDescending(point => point.CreatedAt).ThenBy(point => point.Id, StringComparer.Ordinal)];
        if (Array.Exists(ordered, point => point.CreatedAt.Kind != DateTimeKind.Utc))
            throw new ArgumentException("A point's time is not UTC.", nameof(points));

        var reasons = new RetentionReasons[ordered.Length];
        for (int i = 0; i < ordered.Length; i++)
        {
            reasons[i] = (i == 0 ? RetentionReasons.Newest : RetentionReasons.None)
                | (ordered[i].Pinned ? RetentionReasons.Pinned : RetentionReasons.None)
                | (i < policy.Last ? RetentionReasons.Last : RetentionReasons.None);
        }

        // By UTC: an hour of a zone is one of UTC, shifted, and so the hour that winter time repeats stays two hours.
        Keep(policy.Hourly, RetentionReasons.Hourly, utc => (utc.Ticks + policy.TimeZone.GetUtcOffset(utc).Ticks % TimeSpan.TicksPerHour) / TimeSpan.TicksPerHour);
        Keep(policy.Daily, RetentionReasons.Daily, utc => DayOf(utc, policy).DayNumber);
        Keep(policy.Weekly, RetentionReasons.Weekly, utc => WeekOf(DayOf(utc, policy)));
        Keep(policy.Monthly, RetentionReasons.Monthly, utc => DayOf(utc, policy).Year * 12L + DayOf(utc, policy).Month);
        Keep(policy.Yearly, RetentionReasons.Yearly, utc => DayOf(utc, policy).Year);
        return [.. ordered.Zip(reasons, (point, why) => new RetentionDecision(point, why))];

        void Keep(int count, RetentionReasons reason, Func<DateTime, long> periodOf)
        {
            var kept = new HashSet<long>();
            for (int i = 0; i < ordered.Length && kept.Count < count; i++)
            {
                if (kept.Add(periodOf(ordered[i].CreatedAt)))
                    reasons[i] |= reason;
            }
        }
    }

    private static DateOnly DayOf(DateTime utc, RetentionPolicy policy) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTimeFromUtc(utc, policy.TimeZone));

    private static long WeekOf(DateOnly day)
    {
        var midnight = day.ToDateTime(TimeOnly.MinValue);
        return ISOWeek.GetYear(midnight) * 100L + ISOWeek.GetWeekOfYear(midnight);
    }
}
