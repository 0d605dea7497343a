namespace AzsBackup.Engine.Policies;

/// <summary>When a clock on the wall of a zone shows a time.</summary>
internal static class LocalTimes
{
    /// <summary>
    /// The one instant that stands for a local time. One that comes twice is its first occurrence; one that is left out, because
    /// clocks are put forward over it, is as long after the change as it would have been without it: so 02:30 is 03:30 that day.
    /// </summary>
    /// <param name="local">The local time, of no kind.</param>
    /// <param name="zone">The zone.</param>
    /// <returns>The instant (UTC).</returns>
    public static DateTime ToInstant(DateTime local, TimeZoneInfo zone) => Instants(local, zone)[0];

    /// <summary>The instants at which a clock there shows a time, ascending: one, or two; for a time that is left out, the one that stands for it.</summary>
    public static IReadOnlyList<DateTime> Instants(DateTime local, TimeZoneInfo zone)
    {
        // By what holds a day before and a day after, not by the zone's rules for invalid and ambiguous times: those do not know
        // of zones that changed their standard time, and of one that left out a whole day.
        var asUtc = DateTime.SpecifyKind(local, DateTimeKind.Utc);
        var before = zone.GetUtcOffset(asUtc.AddDays(-1));
        var after = zone.GetUtcOffset(asUtc.AddDays(1));
        var found = new[] { before, after }.Distinct().Select(offset => (Offset: offset, Instant: asUtc - offset))
            .Where(candidate => zone.GetUtcOffset(candidate.Instant) == candidate.Offset)
            .Select(candidate => candidate.Instant).Order().ToList();
        return found.Count > 0 ? found : [asUtc - before];
    }
}
