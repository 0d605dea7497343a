using System.Globalization;
using AzsBackup.Emulator.Hosting;
using AzsBackup.Module.Tests.Hosting;

namespace AzsBackup.Module.Tests.Scenarios;

/// <summary>Generations of a real file system, changed in place by somebody else's tools, backed up by what changed.</summary>
[Collection("Connections")]
public sealed class IncrementalDiskTests(ITestOutputHelper output) : IDisposable
{
    private const string Disk = "/subscriptions/{subscriptionId}/resourceGroups/contoso-app/providers/Microsoft.Compute/disks/app-web-1-os";
    private const int Chunk = 1 << 20;
    private const long SampleBytes = 64L << 20;

    private readonly ScratchFolder _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public async Task ThreeGenerations_EachRestoresIdenticalAndCostsWhatChanged()
    {
        var (qemu, check) = (Tool.Find("qemu-img", "qemu-utils"), Tool.Find("e2fsck", "e2fsprogs"));
        var generations = await MakeGenerationsAsync();
        await using var stack = await StartAsync(generations[0]);
        using var probe = new StackProbe(stack);
        using var host = Connect(stack);
        for (var generation = 0; generation < generations.Count; generation++)
        {
            if (generation > 0) await probe.ReplaceAsync(Disk.Replace("{subscriptionId}", stack.SubscriptionId, StringComparison.Ordinal), generations[generation]);
            var point = host.Invoke($$"""
                $point = Start-AzsVmBackup -ResourceGroupName contoso-app -Name app-web-1 -Vault $vault -IncludeDisk os
                "$($point.Disks[0].ChangeSource) $($point.BytesRead) $($point.BytesStored)"
                $null = $point | Restore-AzsVmBackup -Path $folder/out{{generation}}
                """).Succeeded();
            var parts = Assert.Single(point.Cast<string>()).Split(' ');
            var (source, read, stored) = (parts[0], long.Parse(parts[1], CultureInfo.InvariantCulture), long.Parse(parts[2], CultureInfo.InvariantCulture));
            var restored = _scratch.File($"out{generation}/app-web-1-os.vhd");
            Assert.Contains("Images are identical.", await qemu.RunAsync("compare", "-f", "raw", "-F", "vpc", generations[generation], restored), StringComparison.Ordinal);
            var raw = _scratch.File("restored.raw");
            await qemu.RunAsync("convert", "-f", "vpc", "-O", "raw", restored, raw);
            await check.RunAsync("-fn", raw);
            if (generation == 0) continue;
            var changed = ChangedChunks(generations[generation - 1], generations[generation]) * Chunk;
            output.WriteLine($"Generation {generation}: {changed >> 20} MiB of chunks changed, {read >> 20} MiB read (sample up to {SampleBytes >> 20} MiB), {stored >> 10} KiB stored.");
            Assert.Equal("PageRangeDiff", source);
            Assert.InRange(read, 1, (long)(1.2 * changed) + SampleBytes);
        }
    }

    [Fact]
    public async Task StackWhoseReportLeavesChangesOut_IsCaughtAndThePointIsRight()
    {
        var qemu = Tool.Find("qemu-img", "qemu-utils");
        var generations = await MakeGenerationsAsync();
        await using var stack = await StartAsync(generations[0]);
        using var probe = new StackProbe(stack);
        using var host = Connect(stack);
        host.Invoke("$null = Start-AzsVmBackup -ResourceGroupName contoso-app -Name app-web-1 -Vault $vault -IncludeDisk os").Succeeded();
        await probe.ReplaceAsync(Disk.Replace("{subscriptionId}", stack.SubscriptionId, StringComparison.Ordinal), generations[2]);
        await probe.FailAsync("""[{"operation":"GetPageRangesDiff","omitShare":0.9,"seed":7}]""");

        var result = host.Invoke("""
            $point = Start-AzsVmBackup -ResourceGroupName contoso-app -Name app-web-1 -Vault $vault -IncludeDisk os -WarningVariable warned -WarningAction SilentlyContinue
            "$($point.Disks[0].ChangeSource)"; "$warned"
            $null = $point | Restore-AzsVmBackup -Path $folder/out
            """).Succeeded();

        Assert.Equal("PageRanges", result[0]?.ToString());
        Assert.Contains("left changes of disk", result[1]?.ToString(), StringComparison.Ordinal);
        var restored = _scratch.File("out/app-web-1-os.vhd");
        Assert.Contains("Images are identical.", await qemu.RunAsync("compare", "-f", "raw", "-F", "vpc", generations[2], restored), StringComparison.Ordinal);
    }

    private static long ChangedChunks(string before, string after)
    {
        using var old = File.OpenRead(before);
        using var now = File.OpenRead(after);
        var (a, b) = (new byte[Chunk], new byte[Chunk]);
        var changed = 0L;
        while (old.ReadAtLeast(a, Chunk, throwOnEndOfStream: false) is var length and > 0)
        {
            now.ReadExactly(b, 0, length);
            if (!a.AsSpan(0, length).SequenceEqual(b.AsSpan(0, length))) changed++;
        }

        return changed;
    }

    private ModuleHost Connect(EmulatedStack stack)
    {
        var host = ModuleHost.WithModule();
        host.Invoke("Get-AzsStack | Disconnect-AzsStack").Succeeded();
        SampleStack.Connect(host, stack, "generations").Set("folder", _scratch.Path);
        host.Invoke("$vault = New-AzsBackupVault $folder/vault -NoEncryption").Succeeded();
        return host;
    }

    private static Task<EmulatedStack> StartAsync(string image) => EmulatedStack.StartAsync(
        new EmulatedStackOptions { Estate = "sample", DiskContent = new Dictionary<string, string> { [Disk] = image } },
        TestContext.Current.CancellationToken);

    /// <summary>A file system, and twice what became of it: files deleted, others written where there was room.</summary>
    private async Task<IReadOnlyList<string>> MakeGenerationsAsync()
    {
        var (make, debug) = (Tool.Find("mke2fs", "e2fsprogs"), Tool.Find("debugfs", "e2fsprogs"));
        var tree = Directory.CreateDirectory(_scratch.File("tree"));
        var files = new DirectoryInfo(Path.GetDirectoryName(typeof(object).Assembly.Location)!).GetFiles().OrderBy(file => file.Name, StringComparer.Ordinal).ToList();
        foreach (var file in files) file.CopyTo(Path.Combine(tree.FullName, file.Name));
        var images = new List<string> { _scratch.File("0.raw") };
        await make.RunAsync("-q", "-t", "ext4", "-d", tree.FullName, images[0], "192M");
        for (var generation = 1; generation <= 2; generation++)
        {
            var image = _scratch.File($"{generation}.raw");
            File.Copy(images[^1], image);
            images.Add(image);
            var commands = _scratch.File($"{generation}.commands");
            var gone = files.Where((_, index) => index % 40 == generation).Select(file => $"rm {file.Name}");
            var written = files.Where((_, index) => index % 40 == generation + 20).Select(file => $"write {file.FullName} new{generation}-{file.Name}");
            await File.WriteAllLinesAsync(commands, gone.Concat(written), TestContext.Current.CancellationToken);
            await debug.RunAsync("-w", "-f", commands, image);
        }

        return images;
    }
}
