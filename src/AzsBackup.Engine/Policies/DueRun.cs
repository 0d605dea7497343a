namespace AzsBackup.Engine.Policies;

/// <summary>What a policy owes: one run, however many of its times have passed.</summary>
/// <param name="Occurrence">The newest time that has passed (UTC): the run is for this one.</param>
/// <param name="Missed">How many times passed without a run and will have none of their own, or had it too late.</param>
/// <param name="FirstMissed">The first of those (UTC); null if there is none.</param>
/// <param name="LastMissed">The last of those (UTC); null if there is none.</param>
public sealed record DueRun(DateTime Occurrence, int Missed, DateTime? FirstMissed, DateTime? LastMissed)
{
    /// <summary>Says what is due now; null if nothing is.</summary>
    /// <param name="schedule">The schedule.</param>
    /// <param name="coveredUpTo">All times up to this one have been dealt with (UTC).</param>
    /// <param name="now">The time now (UTC).</param>
    /// <param name="missedAfter">How late a run may be.</param>
    public static DueRun? Find(PolicySchedule schedule, DateTime coveredUpTo, DateTime now, TimeSpan missedAfter)
    {
        var passed = new ScheduleCalendar(schedule).Between(coveredUpTo, now);
        if (passed.Count == 0) return null;
        var newest = passed[^1];
        var missed = now - newest > missedAfter ? passed : passed.SkipLast(1).ToList();
        return new DueRun(newest, missed.Count, missed.Count > 0 ? missed[0] : null, missed.Count > 0 ? missed[^1] : null);
    }
}
