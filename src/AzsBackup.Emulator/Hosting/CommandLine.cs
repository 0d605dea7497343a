using System.Globalization;

namespace AzsBackup.Emulator.Hosting;

/// <summary>The executable's arguments.</summary>
internal static class CommandLine
{
    public const string Help = """
        Usage: dotnet run --project src/AzsBackup.Emulator -- [options]

        Serves an emulated Azure Stack Hub stamp on loopback, and prints one JSON line with its endpoints when it is ready.

          --port N              HTTPS port; 0 (default) takes a free one
          --control-port N      plain HTTP control port; 0 (default) takes a free one
          --region NAME         region and location (local)
          --domain NAME         external domain without the region (azurestack.external)
          --identity entra|adfs who signs tokens (entra)
          --estate FILE|sample  what the subscription holds; without it, nothing. FILE is an estate, what
                                'bicep snapshot' prints, or a template without expressions
          --state DIR           where disk bytes and the CA file lie; without it, a temporary folder that is removed.
                                Resources do not survive a restart, with or without it.
          --faults FILE         faults to begin with; src/AzsBackup.Emulator/Faults/README.md tells what there is
          --plain-blob          serve blobs over plain HTTP as well, on a port of its own
          --max-disk-gib N      the largest managed disk (1023)
          --bicep FILE          the Bicep CLI that evaluates templates; without it, the one the build restored or on the path
          --help                this text
        """;

    /// <exception cref="FormatException">An argument is unknown, lacks its value or has a bad one.</exception>
    public static EmulatedStackOptions Parse(IReadOnlyList<string> arguments)
    {
        EmulatedStackOptions options = new();
        for (int i = 0; i < arguments.Count; i++)
        {
            string name = arguments[i];
            string Value() => ++i < arguments.Count ? arguments[i] : throw new FormatException($"{name} needs a value.");
            options = name switch
            {
                "--port" => options with { Port = Number(name, Value(), 65535) },
                "--control-port" => options with { ControlPort = Number(name, Value(), 65535) },
                "--region" => options with { Region = Label(name, Value()) },
                "--domain" => options with { Domain = Label(name, Value()) },
                "--identity" => options with { Identity = Identity(Value()) },
                "--estate" => options with { Estate = Value() },
                "--state" => options with { StateDirectory = Value() },
                "--faults" => options with { FaultsFile = Value() },
                "--plain-blob" => options with { PlainBlob = true },
                "--max-disk-gib" => options with { MaxDiskSizeGiB = Number(name, Value(), 32767) },
                "--bicep" => options with { BicepPath = Value() },
                _ => throw new FormatException($"'{name}' is no option. --help lists them."),
            };
        }

        return options;
    }

    private static int Number(string name, string value, int most) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number <= most ? number
            : throw new FormatException($"{name} takes a whole number up to {most}, not '{value}'.");

    private static string Label(string name, string value) =>
        Uri.CheckHostName(value) == UriHostNameType.Dns ? value.ToLowerInvariant() : throw new FormatException($"{name} takes a DNS name, not '{value}'.");

    private static StackIdentityProvider Identity(string value) => value.ToLowerInvariant() switch
    {
        "entra" => StackIdentityProvider.Entra,
        "adfs" => StackIdentityProvider.Adfs,
        _ => throw new FormatException($"--identity is entra or adfs, not '{value}'."),
    };
}
