using System.Globalization;

namespace AzsBackup.Benchmarks.Vm;

/// <summary>Whether memory depends on the disk's size: the same steps with a small disk and with a large sparse one that holds much more.</summary>
internal static class VmMemoryBenchmark
{
    private const int SmallGiB = 2;
    private const int Block = 4 << 20;

    /// <returns>0 if no step of either disk took more than it may, else 1.</returns>
    public static async Task<int> RunAsync(VmBenchmarkOptions options, TextWriter output, CancellationToken cancellationToken)
    {
        string scratch = Directory.CreateDirectory(Path.Combine(options.Directory, $"azsbackup-memory-{Guid.NewGuid():N}")).FullName;
        try
        {
            await output.WriteLineAsync("| disk | data | step | CPU s | MB of data per CPU s | peak MiB |");
            await output.WriteLineAsync("|---|---|---|---|---|---|");
            bool isGood = true;
            foreach (var (gibibytes, mebibytes) in new[] { (SmallGiB, Math.Min(options.MiB, SmallGiB << 9)), (options.LargeGiB, options.MiB) })
                isGood &= await MeasureAsync(gibibytes, mebibytes, Path.Combine(scratch, $"{gibibytes}"), options, output, cancellationToken);
            return isGood ? 0 : 1;
        }
        finally
        {
            Directory.Delete(scratch, recursive: true);
        }
    }

    private static async Task<bool> MeasureAsync(
        int gibibytes, int mebibytes, string folder, VmBenchmarkOptions options, TextWriter output, CancellationToken cancellationToken)
    {
        string image = Path.Combine(Directory.CreateDirectory(folder).FullName, "disk.img");
        await WriteAsync(image, gibibytes, mebibytes, cancellationToken);
        await using var stack = await StackProcess.StartAsync(Path.Combine(folder, "stack"), gibibytes, cancellationToken);
        await stack.FillAsync(image, cancellationToken);
        var ours = new Ours(stack, new DiskPair(image, image), Path.Combine(folder, "ours"), TextWriter.Null) { ComparesRestored = false };
        bool isGood = true;
        foreach (var step in Enum.GetValues<Step>())
        {
            var cost = (await ours.RunAsync(step, cancellationToken))[Ours.WholeProcess];
            isGood &= cost.PeakMiB < options.MostMiB;
            await output.WriteLineAsync(string.Create(
                CultureInfo.InvariantCulture,
                $"| {gibibytes} GiB | {mebibytes} MiB | {step} | {cost.CpuSeconds:F1} | {mebibytes * 1.048576 / cost.CpuSeconds:F0} | {cost.PeakMiB:F0} |"));
        }

        return isGood;
    }

    /// <summary>Blocks all over the disk, half noise and half text, no two alike.</summary>
    private static async Task WriteAsync(string path, int gibibytes, int mebibytes, CancellationToken cancellationToken)
    {
        using var file = File.OpenHandle(path, FileMode.CreateNew, FileAccess.Write);
        long length = (long)gibibytes << 30;
        RandomAccess.SetLength(file, length);
        byte[] block = new byte[Block];
        int blocks = (int)(((long)mebibytes << 20) / Block);
        for (int i = 0; i < blocks; i++)
        {
            var random = new Random(i);
            random.NextBytes(block.AsSpan(0, Block / 2));
            for (int at = Block / 2; at < Block; at += 8)
                BitConverter.TryWriteBytes(block.AsSpan(at), (random.Next() % 1000 * 0x1_0000_0000L) + at);
            await RandomAccess.WriteAsync(file, block, length / blocks * i / Block * Block, cancellationToken);
        }
    }
}
