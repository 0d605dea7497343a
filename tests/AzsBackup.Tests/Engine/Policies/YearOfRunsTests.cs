using System.Globalization;
using AzsBackup.Engine.Policies;
using AzsBackup.Tests.Vault;
using AzsBackup.Vault.Maintenance;
using AzsBackup.Vault.Removal;
using Xunit;

namespace AzsBackup.Tests.Engine.Policies;

/// <summary>
/// A clock moved through a year and more of daily runs. What ran and what is left is compared with a model that shares nothing
/// with the product: clocks from the zones' laws, retention as a person would do it with a calendar.
/// </summary>
public sealed class YearOfRunsTests
{
    private static readonly DateTime Begin = new(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);
    private static readonly DateTime End = new(2027, 1, 20, 0, 0, 0, DateTimeKind.Utc);

    /// <summary>Zones with a time that is left out once and comes twice once.</summary>
    [Theory]
    [InlineData("Europe/Berlin", "02:30")]
    [InlineData("America/New_York", "01:30")]
    [InlineData("America/New_York", "02:30")]
    [InlineData("Australia/Lord_Howe", "02:15")]
    [InlineData("Australia/Lord_Howe", "01:45")]
    [InlineData("Pacific/Auckland", "02:30")]
    [InlineData("America/Santiago", "23:30")]
    [InlineData("Asia/Tokyo", "00:00")]
    public async Task DailyRuns_ForAYear_LeaveWhatTheRulesSay(string zone, string at)
    {
        var cancel = TestContext.Current.CancellationToken;
        using var rig = await PolicyRig.CreateAsync(Begin);
        await rig.AddVmAsync("web");
        var policy = PolicyRig.Policy(zone, at) with { Retention = new PolicyRetention { Last = 2, Daily = 9, Weekly = 6, Monthly = 5, Yearly = 2 } };
        var wall = WallClock.Of(zone);
        var occurrences = wall.Instants(TimeOnly.Parse(at, CultureInfo.InvariantCulture), Begin, End);
        Assert.InRange(occurrences.Count, 383, 384);

        var ran = new List<DateTime>();
        DateTime? pinned = null;
        var invocations = Invocations(wall);
        foreach (var moment in invocations)
        {
            rig.MoveTo(moment);
            var invocation = await rig.InvokeAsync(policy);
            Assert.Empty(invocation.Failures);
            if (invocation.Run is null) continue;
            ran.Add(rig.Now);
            if (ran.Count == 40)
            {
                pinned = rig.Now;
                await new PointRemoval(rig.Vault).SetPinnedAsync(invocation.Jobs.Single(job => job.VmName is not null).RecoveryPointId!, pinned: true, cancel);
            }

            if (ran.Count % 10 == 0) await MaintenanceWorkshop.OptimizeAsync(rig.Vault);
        }

        // Each occurrence once, at the first invocation that could.
        Assert.Equal(occurrences.Select(occurrence => invocations.First(moment => moment >= occurrence)), ran);
        var expected = KeepByCalendar(ran, wall, pinned!.Value);
        Assert.Equal(expected, (await rig.PointsAsync()).Select(point => point.CreatedAt));

        // What was marked goes in truth.
        rig.Time.Pass(TimeSpan.FromDays(1));
        await new VaultOptimizer(rig.Vault, new OptimizeOptions { GracePeriod = TimeSpan.Zero }).RunAsync(cancel);
        Assert.Equal(expected, await rig.Vault.ListPointsAsync(cancel).Select(point => point.CreatedAt).Order().ToListAsync(cancel));
    }

    /// <summary>Every three hours, and on days on which clocks change every quarter of an hour.</summary>
    private static List<DateTime> Invocations(WallClock wall)
    {
        var moments = new SortedSet<DateTime>();
        for (var moment = Begin.AddHours(3); moment <= End; moment = moment.AddHours(3))
        {
            moments.Add(moment);
            if (wall.Offset(moment.AddDays(-1)) == wall.Offset(moment.AddDays(1))) continue;
            for (var quarter = 1; quarter < 12; quarter++) moments.Add(moment.AddMinutes(15 * quarter));
        }

        return [.. moments];
    }

    /// <summary>Goes back through the calendar day by day and writes down, on the first point of each new page, that it stays.</summary>
    private static List<DateTime> KeepByCalendar(List<DateTime> points, WallClock wall, DateTime pinned)
    {
        var stays = new HashSet<DateTime> { points[^1], points[^2], pinned };
        Page(9, local => local.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        Page(6, local => local.AddDays(-(((int)local.DayOfWeek + 6) % 7)).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        Page(5, local => local.ToString("yyyy-MM", CultureInfo.InvariantCulture));
        Page(2, local => local.ToString("yyyy", CultureInfo.InvariantCulture));
        return [.. stays.Order()];

        void Page(int count, Func<DateTime, string> titleOf)
        {
            string? title = null;
            for (var index = points.Count - 1; index >= 0; index--)
            {
                var mine = titleOf(wall.At(points[index]));
                if (mine == title) continue;
                if (count-- == 0) return;
                title = mine;
                stays.Add(points[index]);
            }
        }
    }
}
