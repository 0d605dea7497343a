using AzsBackup.Model;

namespace AzsBackup.Engine.Policies;

/// <summary>The instants at which a schedule is due: a pure function of the schedule and its zone's rules.</summary>
/// <param name="schedule">The schedule, without faults.</param>
public sealed class ScheduleCalendar(PolicySchedule schedule)
{
    // Days that are looked at beyond those asked for: a zone is up to 14 hours from UTC, and a change may move a time by a day.
    private const int Margin = 3;

    // Every schedule has an occurrence in every month.
    private const int LongestWait = 70;

    private readonly TimeZoneInfo _zone = schedule.Zone;

    /// <summary>All instants after one and up to another, ascending, each once (UTC).</summary>
    public IReadOnlyList<DateTime> Between(DateTime after, DateTime upTo)
    {
        if (upTo <= after) return [];
        var found = new SortedSet<DateTime>();
        var last = DateOnly.FromDateTime(upTo).AddDays(Margin);
        for (var day = DateOnly.FromDateTime(after).AddDays(-Margin); day <= last; day = day.AddDays(1))
        {
            foreach (var instant in OfDay(day))
            {
                if (instant > after && instant <= upTo) found.Add(instant);
            }
        }

        return [.. found];
    }

    /// <summary>The first instant after one (UTC).</summary>
    public DateTime Next(DateTime after) => Between(after, after.AddDays(LongestWait))[0];

    private IEnumerable<DateTime> OfDay(DateOnly day)
    {
        if (schedule.Frequency == AzsScheduleFrequency.Hourly)
        {
            var hours = Enumerable.Range(0, 24).Where(hour => hour % schedule.EveryHours == 0)
                .Select(hour => day.ToDateTime(new TimeOnly(hour, schedule.Minute)));

            // Every hour is every hour: one that the clock shows twice is two. At greater steps it is one time of the day like others.
            return schedule.EveryHours == 1
                ? hours.SelectMany(time => LocalTimes.Instants(time, _zone))
                : hours.Select(time => LocalTimes.ToInstant(time, _zone));
        }

        return IsOn(day) ? schedule.At.Select(time => LocalTimes.ToInstant(day.ToDateTime(time), _zone)) : [];
    }

    private bool IsOn(DateOnly day) => schedule.Frequency switch
    {
        AzsScheduleFrequency.Daily => true,
        AzsScheduleFrequency.Weekly => schedule.DaysOfWeek.Contains(day.DayOfWeek),
        _ when schedule.WeeksOfMonth.Count > 0 => schedule.DaysOfWeek.Contains(day.DayOfWeek) && schedule.WeeksOfMonth.Any(week => IsInWeek(day, week)),
        _ => schedule.DaysOfMonth.Any(wanted => DayIn(day, wanted) == day.Day),
    };

    private static bool IsInWeek(DateOnly day, AzsWeekOfMonth week) => week == AzsWeekOfMonth.Last
        ? day.Day + 7 > DateTime.DaysInMonth(day.Year, day.Month)
        : (day.Day + 6) / 7 == (int)week;

    private static int DayIn(DateOnly month, int wanted)
    {
        var days = DateTime.DaysInMonth(month.Year, month.Month);
        return wanted > 0 ? Math.Min(wanted, days) : Math.Max(days + 1 + wanted, 1);
    }
}
