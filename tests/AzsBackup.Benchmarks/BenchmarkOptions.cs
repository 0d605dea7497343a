using System.Globalization;

namespace AzsBackup.Benchmarks;

/// <summary>How much is measured.</summary>
internal sealed record BenchmarkOptions
{
    public int Rounds { get; init; } = 7;

    public TimeSpan Time { get; init; } = TimeSpan.FromSeconds(1);

    public IReadOnlyList<int> InFlight { get; init; } = [1, 4, 16];

    public int MiB { get; init; } = 256;

    public double Least { get; init; } = 0.7;

    public string Directory { get; init; } = Path.GetTempPath();

    /// <exception cref="FormatException">An option is unknown, lacks its value or has a bad one.</exception>
    public static BenchmarkOptions Parse(IReadOnlyList<string> arguments)
    {
        BenchmarkOptions options = new();
        for (int i = 0; i < arguments.Count; i += 2)
        {
            string name = arguments[i];
            string value = i + 1 < arguments.Count ? arguments[i + 1] : throw new FormatException($"{name} needs a value.");
            options = name switch
            {
                "--rounds" => options with { Rounds = (int)Number(name, value) },
                "--seconds" => options with { Time = TimeSpan.FromSeconds(Number(name, value)) },
                "--in-flight" => options with { InFlight = [.. value.Split(',').Select(part => (int)Number(name, part))] },
                "--mib" => options with { MiB = (int)Number(name, value) },
                "--least" => options with { Least = Number(name, value) },
                "--directory" => options with { Directory = value },
                _ => throw new FormatException($"'{name}' is no option. --help lists them."),
            };
        }

        return options;
    }

    private static double Number(string name, string value) =>
        double.TryParse(value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double number) && number > 0 ? number
            : throw new FormatException($"{name} takes a number above 0, not '{value}'.");
}
