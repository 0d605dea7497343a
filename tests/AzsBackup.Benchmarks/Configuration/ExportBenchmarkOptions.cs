using System.Globalization;

namespace AzsBackup.Benchmarks.Configuration;

/// <summary>How much configuration is exported, and how.</summary>
internal sealed record ExportBenchmarkOptions
{
    /// <summary>Sizes of the estates, ascending.</summary>
    public IReadOnlyList<int> Resources { get; init; } = [2500, 5000, 10000];

    /// <summary>What the stack waits before each answer, as a stamp's network and providers do.</summary>
    public int LatencyMs { get; init; } = 10;

    public int ThrottleLimit { get; init; } = 8;

    public string Directory { get; init; } = Path.GetTempPath();

    /// <summary>The one side that this process runs: <c>export</c> or <c>loop</c>.</summary>
    public string? Side { get; init; }

    /// <exception cref="FormatException">An option is unknown, lacks its value or has a bad one.</exception>
    public static ExportBenchmarkOptions Parse(IReadOnlyList<string> arguments)
    {
        ExportBenchmarkOptions options = new();
        for (int i = 0; i < arguments.Count; i += 2)
        {
            string name = arguments[i];
            string value = i + 1 < arguments.Count ? arguments[i + 1] : throw new FormatException($"{name} needs a value.");
            options = name switch
            {
                "--resources" => options with { Resources = [.. value.Split(',').Select(part => Number(name, part))] },
                "--latency-ms" => options with { LatencyMs = Number(name, value) },
                "--throttle" => options with { ThrottleLimit = Number(name, value) },
                "--directory" => options with { Directory = Path.GetFullPath(value) },
                "--side" => options with { Side = value },
                _ => throw new FormatException($"'{name}' is no option. --help lists them."),
            };
        }

        return options;
    }

    private static int Number(string name, string value) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number
            : throw new FormatException($"{name} takes a whole number, not '{value}'.");
}
