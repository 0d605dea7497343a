using System.Globalization;

namespace AzsBackup.Benchmarks.Vm;

/// <summary>How much of a VM's backup is measured, and against whom.</summary>
internal sealed record VmBenchmarkOptions
{
    /// <summary>All that can be compared with.</summary>
    public static IReadOnlyList<string> AllPeers { get; } = ["restic", "borg", "azcopy"];

    public int Rounds { get; init; } = 3;

    public int MiB { get; init; } = 2048;

    /// <summary>A folder with the disk in two generations, <c>0.img</c> and <c>1.img</c>; made if not given.</summary>
    public string? Images { get; init; }

    public string Directory { get; init; } = Path.GetTempPath();

    public IReadOnlyList<string> Peers { get; init; } = AllPeers;

    /// <summary>Of <c>vm-memory</c>: the size of the large disk.</summary>
    public int LargeGiB { get; init; } = 64;

    /// <summary>The most MiB that our process may take.</summary>
    public int MostMiB { get; init; } = 512;

    /// <exception cref="FormatException">An option is unknown, lacks its value or has a bad one.</exception>
    public static VmBenchmarkOptions Parse(IReadOnlyList<string> arguments)
    {
        VmBenchmarkOptions options = new();
        for (int i = 0; i < arguments.Count; i += 2)
        {
            string name = arguments[i];
            string value = i + 1 < arguments.Count ? arguments[i + 1] : throw new FormatException($"{name} needs a value.");
            options = name switch
            {
                "--rounds" => options with { Rounds = Number(name, value) },
                "--mib" => options with { MiB = Number(name, value) },
                "--gib" => options with { LargeGiB = Number(name, value) },
                "--images" => options with { Images = Path.GetFullPath(value) },
                "--directory" => options with { Directory = Path.GetFullPath(value) },
                "--peers" => options with { Peers = PeersOf(value) },
                "--most-mib" => options with { MostMiB = Number(name, value) },
                _ => throw new FormatException($"'{name}' is no option. --help lists them."),
            };
        }

        return options;
    }

    private static string[] PeersOf(string value)
    {
        string[] peers = value == "none" ? [] : value.Split(',');
        return peers.Except(AllPeers).FirstOrDefault() is { } unknown
            ? throw new FormatException($"--peers takes none, or some of {string.Join(',', AllPeers)}, not '{unknown}'.")
            : peers;
    }

    private static int Number(string name, string value) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number > 0 ? number
            : throw new FormatException($"{name} takes a whole number above 0, not '{value}'.");
}
