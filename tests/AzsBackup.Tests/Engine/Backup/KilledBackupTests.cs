using System.Globalization;
using AzsBackup.Engine.Backup.Quiescing;
using AzsBackup.Engine.Disks;
using Xunit;

namespace AzsBackup.Tests.Engine.Backup;

/// <summary>
/// A real process that backs up from an emulated stack over HTTPS into a folder is killed where a seed says: after so many of the
/// stack's requests, and some milliseconds. AZSBACKUP_KILL_SEED chooses others.
/// </summary>
public sealed class KilledBackupTests(ITestOutputHelper output)
{
    private const int MiB = 1 << 20;

    private static readonly string[] Vms = ["app-web-1", "app-web-2", "db-1"];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public Task Process_KilledTwice_TheNextRunIsRightAndNothingIsLeft() => KillAsync(kills: 2, reportsChanges: true, diskMiB: 12);

    [LongFact]
    public Task Process_KilledManyTimes_TheNextRunIsRightAndNothingIsLeft() => KillAsync(kills: 24, reportsChanges: true, diskMiB: 64);

    [LongFact]
    public Task Process_KilledManyTimesOnAStackThatTellsNoChanges_TheNextRunIsRightAndNothingIsLeft() => KillAsync(kills: 12, reportsChanges: false, diskMiB: 64);

    [LongFact]
    public async Task Process_KilledAnywhereOnADiskOf2GiB_LessThan5PercentAreReadTwice()
    {
        const string vm = "app-web-1";
        const long disk = 2L << 30;
        var random = new Random(Seed());
        await using var rig = await KillRig.StartAsync();
        var image = Path.Combine(rig.Folder, "guest.raw");
        WriteSpread(image, random, (int)(disk / MiB), used: 768);
        await rig.WriteAsync(vm, isOs: true, image);
        await rig.RunAsync(isOffline: false, vm);
        var whole = rig.BytesServed;
        output.WriteLine($"undisturbed: {whole >> 20} MiB were read of a disk of {disk >> 20} MiB");
        for (var kill = 1; kill <= 5; kill++)
        {
            await rig.NewVaultAsync();
            var start = rig.BytesServed;
            var at = start + (long)(whole * ((kill - 1 + random.NextDouble()) / 5));

            // The third one is not killed, but fails: it can still write down what it has done.
            if (kill == 3) await rig.FailAsync(FailingReads(after: random.Next(40, 150)));
            using (var process = await rig.BeginAsync(isOffline: false, vm))
            {
                while (kill != 3 && rig.BytesServed < at && !process.HasExited) await Task.Delay(1, Ct);
                if (kill == 3) await process.EndAsync(Ct);
                else await process.KillAsync(Ct);
            }

            await rig.FailAsync(null);
            var killedAfter = rig.BytesServed - start;
            using (var file = File.OpenHandle(image, FileMode.Open, FileAccess.Write)) RandomAccess.Write(file, [(byte)kill], random.NextInt64(disk));
            await rig.WriteAsync(vm, isOs: true, image);
            var lines = await rig.RunAsync(isOffline: false, vm);
            Assert.DoesNotContain(lines, line => line.StartsWith("warning", StringComparison.Ordinal));
            var twice = rig.BytesServed - start - whole;
            output.WriteLine($"{(kill == 3 ? "failed" : "killed")} after {killedAfter >> 20} MiB: {twice >> 10} KiB were read twice, {100.0 * twice / disk:0.00} % of the disk");
            Assert.InRange(twice, long.MinValue, (disk / 20) - 1);
            var point = Assert.Single(await rig.PointsAsync());
            Assert.Equal(await rig.HashAsync(vm, isOs: true), (await rig.RestoreAsync(point))[0]);
            await AssertNothingLeftAsync(rig, [vm]);
        }
    }

    [Fact]
    public async Task Process_WhoseReadsOfUnmanagedDisksFail_TheNextRunGoesOnFromThere()
    {
        const string vm = "db-1";
        const int data = 96;
        await using var rig = await KillRig.StartAsync();
        var content = Spread(new Random(1), data, used: data);
        await rig.WriteAsync(vm, isOs: false, content);
        await rig.FailAsync(FailingReads(after: 19));
        using (var process = await rig.BeginAsync(isOffline: false, vm))
        {
            var failed = Assert.Single(await process.EndAsync(Ct), line => line.StartsWith("failed", StringComparison.Ordinal));
            Assert.Contains("goes on from there", failed, StringComparison.Ordinal);
        }

        await rig.FailAsync(null);
        Assert.Equal(2, (await rig.SnapshotsAsync(vm)).Count);
        content = [.. content];
        content[^1] ^= 1;
        await rig.WriteAsync(vm, isOs: false, content);
        var before = rig.BytesServed;

        await rig.RunAsync(isOffline: false, vm);

        output.WriteLine($"{(rig.BytesServed - before) >> 20} MiB of {data} were read by the run that went on");
        Assert.InRange(rig.BytesServed - before, 1, (data - 8) * MiB);
        var point = Assert.Single(await rig.PointsAsync());
        Assert.True(point.BytesResumed > 0);
        AssertSame(content, (await rig.ReadAsync(point))[1], "resumed");
        await AssertNothingLeftAsync(rig, [vm]);
    }

    [Fact]
    public async Task Process_KilledWhileItsGuestIsDeallocated_TheNextRunOfAnotherVmStartsIt()
    {
        await using var rig = await KillRig.StartAsync();
        await rig.WriteAsync("app-web-1", isOs: true, Spread(new Random(1), 4, used: 4));
        var vm = await VmDescription.ReadAsync(rig.Client, rig.VmId("app-web-1"), Ct);
        await rig.FailAsync("""[{"operation":"Microsoft.Compute/snapshots/write","latencyMs":600000}]""");
        using (var process = await rig.BeginAsync(isOffline: true, "app-web-1"))
        {
            while (!rig.Stack.RecentRequests.Any(request => request.Method == "PUT" && request.Path.Contains("/snapshots/", StringComparison.OrdinalIgnoreCase)))
            {
                Assert.False(process.HasExited);
                await Task.Delay(5, Ct);
            }

            await process.KillAsync(Ct);
        }

        await rig.FailAsync(null);
        Assert.Equal("deallocated", await GuestPower.ReadAsync(rig.Client, vm, Ct));

        var lines = await rig.RunAsync(isOffline: false, "app-web-2");

        Assert.Contains(lines, line => line.Contains("'app-web-1' was started", StringComparison.Ordinal));
        Assert.Equal("running", await GuestPower.ReadAsync(rig.Client, vm, Ct));
        await rig.RunAsync(isOffline: true, "app-web-1");
        Assert.Equal("running", await GuestPower.ReadAsync(rig.Client, vm, Ct));
        await AssertNothingLeftAsync(rig, ["app-web-1", "app-web-2"]);
    }

    private async Task KillAsync(int kills, bool reportsChanges, int diskMiB)
    {
        var random = new Random(Seed());
        await using var rig = await KillRig.StartAsync();
        if (!reportsChanges) await rig.FailAsync("""[{"operation":"GetPageRangesDiff","diff":"unsupported"}]""");
        var generations = Vms.ToDictionary(vm => vm, _ => new List<(byte[] Os, byte[] Data)>());
        var verified = new Dictionary<string, int>();
        foreach (var vm in Vms) await WriteAsync(vm);
        await rig.RunAsync(isOffline: false, Vms);
        var most = rig.Stack.RequestsServed;
        await VerifyAsync("before any kill");
        var (killed, published, bare) = (0, 0, 0);
        for (var run = 1; killed < kills; run++)
        {
            foreach (var vm in Vms.Where(_ => random.Next(4) > 0)) await WriteAsync(vm);
            var isOffline = random.Next(4) == 0;
            var at = rig.Stack.RequestsServed + random.NextInt64(1, most);
            var (sessions, turns) = ((await rig.WritersAsync()).Select(writer => writer.SessionId).ToHashSet(), rig.Turns().ToHashSet());
            using var process = await rig.BeginAsync(isOffline, Vms);
            while (rig.Stack.RequestsServed < at && !process.HasExited) await Task.Delay(1, Ct);
            await Task.Delay(random.Next(20), Ct);
            if (!process.HasExited) killed++;
            var lines = await process.KillAsync(Ct);
            Assert.DoesNotContain(lines, line => line.StartsWith("failed", StringComparison.Ordinal));
            var said = lines.Where(line => line.StartsWith("point ", StringComparison.Ordinal)).Select(line => line.Split(' ')[1]).ToList();
            published += said.Count;

            // Killed between the making of its session and of its turn, or between their ends: nobody can tell whose that session was.
            bare += (await rig.WritersAsync()).Count(writer => !sessions.Contains(writer.SessionId)) - rig.Turns().Count(turn => !turns.Contains(turn));
            await VerifyAsync($"run {run}");
            Assert.All(said, id => Assert.Contains(id, verified));
        }

        // What has been finished for a run that died, where nobody knows what has changed since, is as old as that run.
        if (!reportsChanges)
        {
            await rig.RunAsync(isOffline: false, Vms);
            await VerifyAsync("after the kills");
        }

        var before = verified.Keys.ToHashSet();
        await rig.RunAsync(isOffline: false, Vms);
        await VerifyAsync("at the end");
        var last = verified.Keys.Except(before).ToList();
        Assert.Equal(Vms.Length, last.Count);
        Assert.All((await rig.PointsAsync()).Where(point => last.Contains(point.Id)), point =>
            Assert.Equal(generations[point.VmName].Count - 1, verified[point.Id]));
        foreach (var vm in Vms)
            Assert.Equal("running", await GuestPower.ReadAsync(rig.Client, await VmDescription.ReadAsync(rig.Client, rig.VmId(vm), Ct), Ct));
        foreach (var point in (await rig.PointsAsync()).Where(point => last.Contains(point.Id) && point.VmName == Vms[0]))
            Assert.Equal([await rig.HashAsync(Vms[0], isOs: true), await rig.HashAsync(Vms[0], isOs: false)], await rig.RestoreAsync(point));
        await AssertNothingLeftAsync(rig, Vms, bare);
        output.WriteLine(
            $"{killed} kills; {bare} sessions without a turn are left until the vault is optimized; {published} points were published by runs that were killed or just escaped; {verified.Count} points restored identical, "
            + $"of {generations.Values.Sum(of => of.Count)} generations of {Vms.Length} VMs");

        async Task WriteAsync(string vm)
        {
            var of = generations[vm];
            var (os, data) = of.Count == 0
                ? (Spread(random, diskMiB, diskMiB * 3 / 4), Spread(random, diskMiB / 4, diskMiB / 4))
                : (Change(random, of[^1].Os), Change(random, of[^1].Data));
            await rig.WriteAsync(vm, isOs: true, os);
            await rig.WriteAsync(vm, isOs: false, data);
            of.Add((os, data));
        }

        // Nothing wrong is ever offered: each point is, on all disks, one and the same generation of its VM.
        async Task VerifyAsync(string when)
        {
            foreach (var point in (await rig.PointsAsync()).Where(point => !verified.ContainsKey(point.Id)))
            {
                var of = generations[point.VmName];
                var disks = await rig.ReadAsync(point);
                Assert.Equal(2, disks.Count);
                var generation = of.FindLastIndex(one => Used(one.Os).SequenceEqual(disks[0]) && Used(one.Data).SequenceEqual(disks[1]));
                Assert.True(generation >= 0, $"{when}: point {point.Id} of {point.VmName} is of no moment of the VM.");
                if (reportsChanges) Assert.True(generation == of.Count - 1, $"{when}: point {point.Id} of {point.VmName} is of generation {generation} of {of.Count}.");
                verified.Add(point.Id, generation);
            }
        }
    }

    /// <summary>Reads of disks, but for the first ones, are refused for good.</summary>
    private static string FailingReads(int after) =>
        $$"""[{"operation":"GetBlob","after":{{after}},"status":400,"code":"InvalidInput"}]""";

    /// <summary>No snapshot but those that the newest points keep, no access, no turn, no page, nobody who writes.</summary>
    private static async Task AssertNothingLeftAsync(KillRig rig, string[] vms, int sessions = 0)
    {
        var newest = (await rig.PointsAsync()).GroupBy(point => point.VmName).Select(of => of.MaxBy(point => point.CreatedAt)!);
        var kept = newest.SelectMany(point => point.Disks).Select(disk => disk.KeptSnapshotId).OfType<string>();
        Assert.Equal(kept.Order(StringComparer.OrdinalIgnoreCase), (await rig.SnapshotsAsync(vms)).Order(StringComparer.OrdinalIgnoreCase), StringComparer.OrdinalIgnoreCase);
        Assert.Equal(0, await rig.ActiveSasAsync());
        Assert.Empty(rig.RunObjects());
        Assert.InRange((await rig.WritersAsync()).Count, 0, sessions);
    }

    private static void AssertSame(byte[] expected, byte[] actual, string when) => Assert.True(Used(expected).SequenceEqual(actual), $"{when}: other bytes.");

    private static ReadOnlySpan<byte> Used(byte[] content) => content.AsSpan().TrimEnd((byte)0);

    /// <summary>Bytes of which so many MiB, spread over all, are not zeros.</summary>
    private static byte[] Spread(Random random, int mebibytes, int used)
    {
        var content = new byte[mebibytes * MiB];
        for (var i = 0; i < used; i++) random.NextBytes(content.AsSpan((int)((long)i * mebibytes / used) * MiB, MiB));
        return content;
    }

    private static void WriteSpread(string file, Random random, int mebibytes, int used)
    {
        using var target = File.OpenHandle(file, FileMode.Create, FileAccess.Write);
        RandomAccess.SetLength(target, (long)mebibytes * MiB);
        var block = new byte[MiB];
        for (var i = 0; i < used; i++)
        {
            random.NextBytes(block);
            RandomAccess.Write(target, block, (long)i * mebibytes / used * MiB);
        }
    }

    private static byte[] Change(Random random, byte[] content)
    {
        byte[] changed = [.. content];
        for (var i = random.Next(1, 6); i > 0; i--)
        {
            var length = random.Next(1, 3 * MiB);
            random.NextBytes(changed.AsSpan(random.Next(changed.Length - length), length));
        }

        return changed;
    }

    private int Seed()
    {
        var seed = int.Parse(Environment.GetEnvironmentVariable("AZSBACKUP_KILL_SEED") ?? "1", CultureInfo.InvariantCulture);
        output.WriteLine($"seed {seed}");
        return seed;
    }
}
