using System.Globalization;

namespace AzsBackup.Benchmarks.Vault;

/// <summary>How much is measured of a vault.</summary>
internal sealed record VaultBenchmarkOptions
{
    public int Chunks { get; init; } = 1_000_000;

    public int MiB { get; init; } = 1024;

    public int Rounds { get; init; } = 3;

    public int MostMiB { get; init; } = 1024;

    public string Directory { get; init; } = Path.GetTempPath();

    /// <summary>Folders of disks in generations, made by make-generations.sh.</summary>
    public string? Images { get; init; }

    /// <summary>Of <c>vault-scale</c>: the one phase that this process runs.</summary>
    public string? Phase { get; init; }

    /// <exception cref="FormatException">An option is unknown, lacks its value or has a bad one.</exception>
    public static VaultBenchmarkOptions Parse(IReadOnlyList<string> arguments)
    {
        VaultBenchmarkOptions options = new();
        for (int i = 0; i < arguments.Count; i += 2)
        {
            string name = arguments[i];
            string value = i + 1 < arguments.Count ? arguments[i + 1] : throw new FormatException($"{name} needs a value.");
            options = name switch
            {
                "--chunks" => options with { Chunks = Number(name, value) },
                "--mib" => options with { MiB = Number(name, value) },
                "--rounds" => options with { Rounds = Number(name, value) },
                "--most-mib" => options with { MostMiB = Number(name, value) },
                "--directory" => options with { Directory = Path.GetFullPath(value) },
                "--images" => options with { Images = Path.GetFullPath(value) },
                "--phase" => options with { Phase = value },
                _ => throw new FormatException($"'{name}' is no option. --help lists them."),
            };
        }

        return options;
    }

    private static int Number(string name, string value) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number > 0 ? number
            : throw new FormatException($"{name} takes a whole number above 0, not '{value}'.");
}
