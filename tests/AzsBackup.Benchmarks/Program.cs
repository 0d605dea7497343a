using AzsBackup.Benchmarks;
using AzsBackup.Benchmarks.Configuration;
using AzsBackup.Benchmarks.Stack;
using AzsBackup.Benchmarks.Vault;

const string Help = """
    Usage: dotnet run -c Release --project tests/AzsBackup.Benchmarks -- BENCHMARK [options]

    stack-read    the emulated stack against a plain static-file endpoint of Kestrel: ranges of 4 MiB of the same bytes,
                  by disk SAS and by blob SAS, over HTTPS with the same certificate and over HTTP, alternately in one run.
                  Then how fast the stack takes pages. Exit code 1 if a median of ratios is below --least.

    --rounds N      rounds for each pair (7); one more, the first, warms up and doesn't count
    --seconds S     seconds for each side of a round (1)
    --in-flight L   numbers of requests in flight (1,4,16)
    --mib N         MiB of bytes that are read (256)
    --least R       the least median ratio (0.7)
    --directory D   where the bytes lie (the temporary folder)

    vault-scale   a vault of very many chunks in a folder: filling, listing, verifying 1 %, planning, condemning and sweeping:
                  seconds for each 100,000 chunks, and the peak working set. Exit code 1 if one is above --most-mib.

    --chunks N      chunks of 256 KiB (1000000)
    --most-mib N    the most MiB of working set (1024)
    --directory D   where the vault is made (the temporary folder)

    vault-put     a first backup into a folder against a copy of the file and restic, if it is installed, in one run.

    --mib N         MiB to back up (1024), or
    --images D      the first disk that make-generations.sh made
    --rounds N      rounds (3); one more, the first, warms up and doesn't count
    --directory D   where to (the temporary folder)

    config-export the export of a subscription's configuration against one GET for each resource in series, on emulated stacks:
                  requests, seconds and peak memory. Exit code 1 if the export isn't better or grows faster than the estate.

    --resources L   sizes of the estates (2500,5000,10000)
    --latency-ms N  what the stack waits before each answer (10)
    --throttle N    lists or resources the export reads at once (8)

    chunk-size    generations of disks in vaults of each chunk size: sizes, growth, chunks, speed.

    --images D      what make-generations.sh made
    --directory D   where the vaults are made (the temporary folder)
    """;

try
{
    switch (args)
    {
        case ["stack-read", .. var rest]:
            return await StackReadBenchmark.RunAsync(BenchmarkOptions.Parse(rest), Console.Out, CancellationToken.None);
        case ["vault-scale", .. var rest]:
            return await ScaleBenchmark.RunAsync(VaultBenchmarkOptions.Parse(rest), Console.Out, CancellationToken.None);
        case ["vault-put", .. var rest]:
            return await PutBenchmark.RunAsync(VaultBenchmarkOptions.Parse(rest), Console.Out, CancellationToken.None);
        case ["config-export", .. var rest]:
            return await ExportBenchmark.RunAsync(ExportBenchmarkOptions.Parse(rest), Console.Out, CancellationToken.None);
        case ["chunk-size", .. var rest]:
            return await ChunkSizeBenchmark.RunAsync(VaultBenchmarkOptions.Parse(rest), Console.Out, CancellationToken.None);
        default:
            Console.WriteLine(Help);
            return args is ["--help"] ? 0 : 2;
    }
}
catch (FormatException exception)
{
    await Console.Error.WriteLineAsync(exception.Message);
    return 2;
}
