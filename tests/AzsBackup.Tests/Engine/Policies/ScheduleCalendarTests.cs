using AzsBackup.Engine.Policies;
using AzsBackup.Model;
using FsCheck;
using FsCheck.Xunit;
using Xunit;

namespace AzsBackup.Tests.Engine.Policies;

public sealed class ScheduleCalendarTests
{
    private static readonly string[] Zones = ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Pacific/Auckland", "America/Santiago", "Asia/Tokyo"];
    private static readonly DateTime Begin = new(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    public static TheoryData<string> AllZones => [.. Zones];

    [Theory]
    [MemberData(nameof(AllZones))]
    public void Between_QuartersOfTheDay_AreWhatTheClockOnTheWallShowed(string zone)
    {
        var wall = WallClock.Of(zone);
        var end = Begin.AddDays(370);
        foreach (var quarter in Enumerable.Range(0, 18).Concat([48, 90, 94, 95]))
        {
            var time = new TimeOnly(quarter / 4, quarter % 4 * 15);
            Assert.Equal(wall.Instants(time, Begin, end), Daily(zone, time).Between(Begin, end));
        }
    }

    /// <summary>However the time is cut up, each instant is in exactly one piece: nothing is lost between invocations, nothing comes twice.</summary>
    [Property]
    public bool Between_CutAnywhere_GivesEachInstantOnce(NonNegativeInt kind, PositiveInt[] minutes)
    {
        var schedule = Schedule(kind.Get);
        var calendar = new ScheduleCalendar(schedule);
        var cuts = minutes.Select(minute => Begin.AddMinutes(minute.Get * 7919L % (400 * 1440))).Append(Begin).Append(Begin.AddDays(400)).Order().ToList();
        return cuts.Zip(cuts.Skip(1)).SelectMany(piece => calendar.Between(piece.First, piece.Second)).SequenceEqual(calendar.Between(Begin, Begin.AddDays(400)));
    }

    [Property]
    public bool Next_AnyTime_IsTheFirstOneAfterIt(NonNegativeInt kind, PositiveInt minute)
    {
        var calendar = new ScheduleCalendar(Schedule(kind.Get));
        var after = Begin.AddMinutes(minute.Get * 7919L % (400 * 1440));
        var next = calendar.Next(after);
        return next > after && calendar.Between(after, next).SequenceEqual([next]);
    }

    /// <summary>As a scheduler does it: invoked whenever, the clock put back by up to hours now and then. Every time is dealt with once, by a run of its own or as missed.</summary>
    [Property]
    public bool DueRuns_WhateverTheInvocations_CoverEachTimeOnce(NonNegativeInt kind, NonZeroInt[] steps)
    {
        var schedule = Schedule(kind.Get);
        var calendar = new ScheduleCalendar(schedule);
        var (now, covered, latest) = (Begin, Begin, Begin);
        var (dealtWith, runs) = (0, new List<DateTime>());
        foreach (var step in steps)
        {
            now = now.AddMinutes(step.Get > 0 ? step.Get * 977L % 6000 : -(step.Get * -61L % 600));
            latest = now > latest ? now : latest;
            if (DueRun.Find(schedule, covered, now, TimeSpan.FromHours(2)) is not { } due) continue;
            runs.Add(due.Occurrence);

            // A run that came late is counted among the missed ones itself.
            dealtWith += due.LastMissed == due.Occurrence ? due.Missed : due.Missed + 1;
            covered = due.Occurrence;
        }

        return runs.Distinct().Count() == runs.Count && dealtWith == calendar.Between(Begin, latest).Count;
    }

    [Fact]
    public void Hourly_EveryHour_RunsTwiceInTheHourThatComesTwice()
    {
        var calendar = new ScheduleCalendar(new PolicySchedule { Frequency = AzsScheduleFrequency.Hourly, TimeZone = "Europe/Berlin", EveryHours = 1 });
        var day = new DateTime(2026, 10, 24, 22, 0, 0, DateTimeKind.Utc);
        Assert.Equal(Enumerable.Range(1, 25).Select(hour => day.AddHours(hour)), calendar.Between(day, day.AddHours(25)));
    }

    [Fact]
    public void Hourly_EveryTwoHours_RunsOnceInTheHourThatComesTwice()
    {
        var calendar = new ScheduleCalendar(new PolicySchedule { Frequency = AzsScheduleFrequency.Hourly, TimeZone = "Europe/Berlin", EveryHours = 2 });
        var day = new DateTime(2026, 10, 24, 22, 0, 0, DateTimeKind.Utc);
        Assert.Equal([2, 5, 7], calendar.Between(day, day.AddHours(7)).Select(instant => (int)(instant - day).TotalHours));
    }

    [Theory]
    [InlineData(31, "2026-01-31 2026-02-28 2026-03-31 2026-04-30")]
    [InlineData(-1, "2026-01-31 2026-02-28 2026-03-31 2026-04-30")]
    [InlineData(15, "2026-01-15 2026-02-15 2026-03-15 2026-04-15")]
    [InlineData(-31, "2026-01-01 2026-02-01 2026-03-01 2026-04-01")]
    public void Monthly_OnADayThatAMonthLacks_RunsOnItsLast(int day, string expected)
    {
        var calendar = new ScheduleCalendar(Monthly() with { DaysOfMonth = [day] });
        Assert.Equal(expected, string.Join(' ', calendar.Between(Begin, Begin.AddDays(120)).Select(instant => instant.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture))));
    }

    [Theory]
    [InlineData(AzsWeekOfMonth.First, "2026-01-04 2026-02-01 2026-03-01")]
    [InlineData(AzsWeekOfMonth.Last, "2026-01-25 2026-02-22 2026-03-29")]
    public void Monthly_OnAWeekday_RunsOnThatOne(AzsWeekOfMonth week, string expected)
    {
        var calendar = new ScheduleCalendar(Monthly() with { WeeksOfMonth = [week], DaysOfWeek = [DayOfWeek.Sunday] });
        Assert.Equal(expected, string.Join(' ', calendar.Between(Begin, Begin.AddDays(89)).Select(instant => instant.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture))));
    }

    [Fact]
    public void Daily_InAZoneThatLeftOutADay_RunsOnceForIt()
    {
        // Samoa went over the date line: there was no 30 December 2011.
        var begin = new DateTime(2011, 12, 28, 0, 0, 0, DateTimeKind.Utc);
        var instants = Daily("Pacific/Apia", new TimeOnly(12, 0)).Between(begin, begin.AddDays(6));
        Assert.Equal(instants.Distinct().Order(), instants);
        Assert.Equal([22, 22, 22, 22, 22, 22], instants.Select(instant => instant.Hour));
    }

    [Theory]
    [InlineData("W. Europe Standard Time", "Europe/Berlin")]
    [InlineData("Eastern Standard Time", "America/New_York")]
    public void Zone_ByItsWindowsName_IsTheSame(string windows, string iana) =>
        Assert.Equal(Daily(iana, new TimeOnly(2, 30)).Between(Begin, Begin.AddDays(365)), Daily(windows, new TimeOnly(2, 30)).Between(Begin, Begin.AddDays(365)));

    private static ScheduleCalendar Daily(string zone, TimeOnly time) =>
        new(new PolicySchedule { Frequency = AzsScheduleFrequency.Daily, TimeZone = zone, At = [time] });

    private static PolicySchedule Monthly() => new() { Frequency = AzsScheduleFrequency.Monthly, TimeZone = "UTC", At = [new TimeOnly(12, 0)] };

    private static PolicySchedule Schedule(int seed)
    {
        var zone = Zones[seed % Zones.Length];
        var at = new[] { new TimeOnly(seed % 24, seed % 4 * 15), new TimeOnly(2, 30) };
        return (seed / 7 % 4) switch
        {
            0 => new PolicySchedule { Frequency = AzsScheduleFrequency.Hourly, TimeZone = zone, EveryHours = (seed % 23) + 1, Minute = seed % 60 },
            1 => new PolicySchedule { Frequency = AzsScheduleFrequency.Daily, TimeZone = zone, At = at },
            2 => new PolicySchedule { Frequency = AzsScheduleFrequency.Weekly, TimeZone = zone, At = at, DaysOfWeek = [DayOfWeek.Sunday, (DayOfWeek)(seed % 7)] },
            _ => new PolicySchedule { Frequency = AzsScheduleFrequency.Monthly, TimeZone = zone, At = at, DaysOfMonth = [1, -(seed % 31) - 1] },
        };
    }
}
