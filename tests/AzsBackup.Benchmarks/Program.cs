using AzsBackup.Benchmarks;
using AzsBackup.Benchmarks.Stack;

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
    """;

if (args is not ["stack-read", ..])
{
    Console.WriteLine(Help);
    return args is ["--help"] ? 0 : 2;
}

try
{
    return await StackReadBenchmark.RunAsync(BenchmarkOptions.Parse(args[1..]), Console.Out, CancellationToken.None);
}
catch (FormatException exception)
{
    await Console.Error.WriteLineAsync(exception.Message);
    return 2;
}
