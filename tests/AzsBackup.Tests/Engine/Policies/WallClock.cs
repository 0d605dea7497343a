namespace AzsBackup.Tests.Engine.Policies;

/// <summary>
/// The clocks on the walls of some zones in 2026 and 2027, from their laws and not from any table of the system's: the other
/// side of every comparison with the product's calendar and retention.
/// </summary>
internal sealed record WallClock(string Zone, double Standard, double Summer, Func<int, DateTime> SummerBegins, Func<int, DateTime> SummerEnds)
{
    private readonly Dictionary<int, (DateTime Begins, DateTime Ends)> _summers = [];

    public static WallClock Of(string zone) => zone switch
    {
        // The European Union: the last Sundays of March and October, 01:00 UTC.
        "Europe/Berlin" => new(zone, 1, 2, year => Sunday(year, 3, -1).AddHours(1), year => Sunday(year, 10, -1).AddHours(1)),

        // The United States: the second Sunday of March and the first of November, 02:00 by the clock.
        "America/New_York" => new(zone, -5, -4, year => Sunday(year, 3, 2).AddHours(7), year => Sunday(year, 11, 1).AddHours(6)),

        // Lord Howe: the first Sundays of October and April, 02:00 by the clock, by half an hour.
        "Australia/Lord_Howe" => new(zone, 10.5, 11, year => Sunday(year, 10, 1).AddHours(2 - 10.5), year => Sunday(year, 4, 1).AddHours(2 - 11)),

        // New Zealand: the last Sunday of September at 02:00 standard time, the first of April at 03:00 summer time.
        "Pacific/Auckland" => new(zone, 12, 13, year => Sunday(year, 9, -1).AddHours(2 - 12), year => Sunday(year, 4, 1).AddHours(3 - 13)),

        // Chile: summer ends on the first Sunday from 2 April at 03:00 UTC, and begins on the first from 2 September at 04:00 UTC.
        "America/Santiago" => new(zone, -4, -3, year => SundayFrom(year, 9, 2).AddHours(4), year => SundayFrom(year, 4, 2).AddHours(3)),
        "Asia/Tokyo" => new(zone, 9, 9, _ => DateTime.MaxValue, _ => DateTime.MinValue),
        _ => throw new ArgumentException(zone),
    };

    /// <summary>What the clock shows.</summary>
    public DateTime At(DateTime utc) => DateTime.SpecifyKind(utc.AddHours(Offset(utc)), DateTimeKind.Unspecified);

    /// <summary>Hours ahead of UTC.</summary>
    public double Offset(DateTime utc)
    {
        if (!_summers.TryGetValue(utc.Year, out var summer)) _summers[utc.Year] = summer = (SummerBegins(utc.Year), SummerEnds(utc.Year));
        var (begins, ends) = summer;
        var isSummer = begins < ends ? utc >= begins && utc < ends : begins != DateTime.MaxValue && (utc >= begins || utc < ends);
        return isSummer ? Summer : Standard;
    }

    /// <summary>
    /// The instants for a time of the day on all days of a span, found by looking at the clock every quarter of an hour: the first time that
    /// it shows it; or, on a day on which it does not, the instant at which it would have, had it not been changed.
    /// </summary>
    public List<DateTime> Instants(TimeOnly time, DateTime from, DateTime to)
    {
        var shown = new SortedDictionary<DateTime, DateTime>();
        var unchanged = new SortedDictionary<DateTime, DateTime>();
        for (var utc = from.AddDays(-1); utc <= to.AddDays(1); utc = utc.AddMinutes(15))
        {
            var local = At(utc);
            if (TimeOnly.FromDateTime(local) == time) shown.TryAdd(local.Date, utc);
            var before = utc.AddHours(Offset(utc.AddHours(-12)));
            if (TimeOnly.FromDateTime(before) == time) unchanged.TryAdd(before.Date, utc);
        }

        return [.. shown.Keys.Union(unchanged.Keys).Select(day => shown.TryGetValue(day, out var instant) ? instant : unchanged[day]).Where(instant => instant > from && instant <= to).Distinct().Order()];
    }

    private static DateTime Sunday(int year, int month, int which)
    {
        var sundays = Enumerable.Range(1, DateTime.DaysInMonth(year, month)).Select(day => new DateTime(year, month, day, 0, 0, 0, DateTimeKind.Utc))
            .Where(day => day.DayOfWeek == DayOfWeek.Sunday).ToList();
        return which > 0 ? sundays[which - 1] : sundays[^-which];
    }

    private static DateTime SundayFrom(int year, int month, int day)
    {
        var date = new DateTime(year, month, day, 0, 0, 0, DateTimeKind.Utc);
        while (date.DayOfWeek != DayOfWeek.Sunday) date = date.AddDays(1);
        return date;
    }
}
