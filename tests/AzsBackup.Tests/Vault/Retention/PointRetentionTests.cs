using AzsBackup.Model;
using AzsBackup.Vault.Retention;
using FsCheck;
using FsCheck.Xunit;
using Xunit;

namespace AzsBackup.Tests.Vault.Retention;

public sealed class PointRetentionTests
{
    private static readonly TimeZoneInfo Berlin = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");

    [Property]
    public bool Decide_AnyPoints_KeepsNewestAndPinned(PositiveInt[] hours, bool[] pins, byte[] counts)
    {
        var points = Points(hours, pins);
        var decisions = PointRetention.Decide(points, Policy(counts));
        return decisions.Count == points.Length
            && (points.Length == 0 || decisions[0].Keep)
            && decisions.Where(decision => decision.Point.Pinned).All(decision => decision.Keep)
            && decisions.Zip(decisions.Skip(1)).All(pair => pair.First.Point.CreatedAt >= pair.Second.Point.CreatedAt);
    }

    [Property]
    public bool Decide_WhatWasKept_IsKeptAgain(PositiveInt[] hours, bool[] pins, byte[] counts)
    {
        var policy = Policy(counts);
        var kept = PointRetention.Decide(Points(hours, pins), policy).Where(decision => decision.Keep).ToList();
        return kept.SequenceEqual(PointRetention.Decide(kept.Select(decision => decision.Point), policy));
    }

    [Property]
    public bool Decide_MoreGenerousPolicy_KeepsAllThatWasKept(PositiveInt[] hours, bool[] pins, byte[] counts, byte[] more)
    {
        var points = Points(hours, pins);
        var policy = Policy(counts);
        var added = Policy(more);
        var generous = policy with
        {
            Last = policy.Last + added.Last,
            Hourly = policy.Hourly + added.Hourly,
            Daily = policy.Daily + added.Daily,
            Weekly = policy.Weekly + added.Weekly,
            Monthly = policy.Monthly + added.Monthly,
            Yearly = policy.Yearly + added.Yearly,
        };
        return Kept(points, policy).IsSubsetOf(Kept(points, generous));
    }

    [Property]
    public bool Decide_NewPoint_BringsNoRemovedOneBack(PositiveInt[] hours, byte[] counts)
    {
        var points = Points(hours, []);
        var policy = Policy(counts);
        var later = new RetainedPoint("later", new DateTime(2036, 1, 1, 0, 0, 0, DateTimeKind.Utc), Pinned: false);
        var after = Kept([.. points, later], policy);
        return after.Remove("later") && after.IsSubsetOf(Kept(points, policy));
    }

    [Property]
    public bool Decide_EachRule_KeepsNoMoreThanItSays(PositiveInt[] hours, byte[] counts)
    {
        var policy = Policy(counts);
        var decisions = PointRetention.Decide(Points(hours, []), policy);
        return new[]
        {
            (RetentionReasons.Last, policy.Last), (RetentionReasons.Hourly, policy.Hourly), (RetentionReasons.Daily, policy.Daily),
            (RetentionReasons.Weekly, policy.Weekly), (RetentionReasons.Monthly, policy.Monthly), (RetentionReasons.Yearly, policy.Yearly),
        }.All(rule => decisions.Count(decision => decision.Reasons.HasFlag(rule.Item1)) <= rule.Item2);
    }

    [Fact]
    public void Decide_DayOf25Hours_KeepsOnePointOfTheDayAndOneOfEachHour()
    {
        // In Berlin, 25 October 2026 lasts from 22:00 UTC of the 24th to 23:00 UTC of the 25th; 02:30 comes twice.
        var points = Enumerable.Range(0, 25)
            .Select(hour => new RetainedPoint($"{hour:00}", new DateTime(2026, 10, 24, 22, 30, 0, DateTimeKind.Utc).AddHours(hour), Pinned: false)).ToArray();
        Assert.Equal(["24"], Kept(points, new RetentionPolicy { Daily = 7, TimeZone = Berlin }));
        Assert.Equal(25, Kept(points, new RetentionPolicy { Hourly = 100, TimeZone = Berlin }).Count);
        Assert.Equal(2, Kept(points, new RetentionPolicy { Daily = 7 }).Count);
    }

    [Fact]
    public void Decide_DayOf23Hours_EndsAtMidnightThere()
    {
        // 29 March 2026 in Berlin: 23:00 UTC of the 28th to 22:00 UTC of the 29th.
        RetainedPoint[] points =
        [
            new("before", new DateTime(2026, 3, 28, 22, 59, 0, DateTimeKind.Utc), Pinned: false),
            new("first", new DateTime(2026, 3, 28, 23, 0, 0, DateTimeKind.Utc), Pinned: false),
            new("last", new DateTime(2026, 3, 29, 21, 59, 0, DateTimeKind.Utc), Pinned: false),
            new("after", new DateTime(2026, 3, 29, 22, 0, 0, DateTimeKind.Utc), Pinned: false),
        ];
        Assert.Equal(["after", "before", "last"], Kept(points, new RetentionPolicy { Daily = 7, TimeZone = Berlin }).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Decide_TurnOfTheYear_IsOneWeekAndTwoMonthsAndYears()
    {
        RetainedPoint[] points =
        [
            new("thursday", new DateTime(2026, 12, 31, 12, 0, 0, DateTimeKind.Utc), Pinned: false),
            new("friday", new DateTime(2027, 1, 1, 12, 0, 0, DateTimeKind.Utc), Pinned: false),
        ];
        Assert.Single(Kept(points, new RetentionPolicy { Weekly = 9 }));
        Assert.Equal(2, Kept(points, new RetentionPolicy { Monthly = 9 }).Count);
        Assert.Equal(2, Kept(points, new RetentionPolicy { Yearly = 9 }).Count);
    }

    [Fact]
    public void Decide_NegativeRule_IsRefused() =>
        Assert.Equal("RetentionPolicyInvalid", Assert.Throws<AzsException>(() => PointRetention.Decide([], new RetentionPolicy { Weekly = -1 })).ErrorId);

    private static RetainedPoint[] Points(PositiveInt[] hours, bool[] pins) =>
    [
        .. hours.Select((hour, i) => new RetainedPoint(
            $"{i:0000}", new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc).AddMinutes(hour.Get * 977L % 4_000_000), i < pins.Length && pins[i])),
    ];

    private static RetentionPolicy Policy(byte[] counts)
    {
        int Count(int rule) => rule < counts.Length ? counts[rule] % 8 : rule % 2;
        return new RetentionPolicy { Last = Count(0), Hourly = Count(1), Daily = Count(2), Weekly = Count(3), Monthly = Count(4), Yearly = Count(5), TimeZone = Berlin };
    }

    private static HashSet<string> Kept(IEnumerable<RetainedPoint> points, RetentionPolicy policy) =>
        [.. PointRetention.Decide(points, policy).Where(decision => decision.Keep).Select(decision => decision.Point.Id)];
}
