using System.Globalization;
using AzsBackup.Emulator.Authorization;

namespace AzsBackup.Emulator.Hosting;

/// <summary>The executable's arguments.</summary>
internal static class CommandLine
{
    public const string Help = """
        Usage: dotnet run --project src/AzsBackup.Emulator -- [options]

        Serves an emulated Azure Stack Hub stamp on loopback, and prints one JSON line with its endpoints when it is ready.

          --port N              HTTPS port; 0 (default) takes the one the state knows, else a free one
          --control-port N      plain HTTP control port; 0 (default) as above
          --region NAME         region and location (local)
          --domain NAME         external domain without the region (azurestack.external)
          --identity entra|adfs who signs tokens (entra)
          --role NAME           built-in role of the service principal on the subscription (Owner)
          --proxy-port N        serve a stamp's host names (management., adfs., *.blob., *.vault.) through an HTTP
                                proxy on this port; 0 takes a free one. Without it, addresses are on 127.0.0.1.
          --accept-api-version NAMESPACE=VERSION
                                take an api-version that a stamp refuses, for a client that knows no other; repeatable.
                                Microsoft.Network=2022-07-01 is taken anyway, for Debian's Azure CLI
          --strict-api-versions refuse that one too, as a stamp does
          --estate FILE|sample|generated:N
                                what the subscription holds at the first start; without it, nothing. FILE is an estate, what
                                'bicep snapshot' prints, or a template without expressions; generated:N is N resources to measure with
          --state DIR           where everything lies that survives a restart, a kill included: resources, blobs, disks,
                                keys, certificates, ports. Without it, a temporary folder that is removed. What was
                                acknowledged is the operating system's: a power cut may lose it.
          --faults FILE         faults to begin with; src/AzsBackup.Emulator/Faults/README.md tells what there is
          --plain-blob          serve blobs over plain HTTP as well, on a port of its own
          --max-disk-gib N      the largest managed disk (1023)
          --bicep FILE          the Bicep CLI that evaluates templates; without it, the one the build restored or on the path
          --help                this text
        """;

    /// <summary>
    /// The Azure CLI as Debian packages it (2.45.0) writes network resources with this version whatever its profile is: its
    /// libraries are newer than it. A stamp refuses that, so it would be of no use here either.
    /// </summary>
    private static readonly Dictionary<string, IReadOnlyList<string>> DebianAzureCli =
        new(StringComparer.OrdinalIgnoreCase) { ["Microsoft.Network"] = ["2022-07-01"] };

    private static readonly Dictionary<string, IReadOnlyList<string>> NoOther = new(StringComparer.OrdinalIgnoreCase);

    /// <exception cref="FormatException">An argument is unknown, lacks its value or has a bad one.</exception>
    public static EmulatedStackOptions Parse(IReadOnlyList<string> arguments)
    {
        EmulatedStackOptions options = new() { AcceptedApiVersions = DebianAzureCli };
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
                "--role" => options with { Role = Role(Value()) },
                "--proxy-port" => options with { ProxyPort = Number(name, Value(), 65535) },
                "--strict-api-versions" => options with { AcceptedApiVersions = NoOther },
                "--accept-api-version" => options with { AcceptedApiVersions = Accept(options.AcceptedApiVersions, Value()) },
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

    private static string Role(string value) =>
        BuiltInRole.Find(value)?.Name ?? throw new FormatException($"--role is one of {string.Join(", ", BuiltInRole.All.Select(role => role.Name))}, not '{value}'.");

    private static Dictionary<string, IReadOnlyList<string>> Accept(IReadOnlyDictionary<string, IReadOnlyList<string>> accepted, string value)
    {
        if (value.Split('=') is not [{ Length: > 0 } provider, { Length: > 0 } version])
            throw new FormatException($"--accept-api-version takes NAMESPACE=VERSION, such as Microsoft.Network=2022-07-01, not '{value}'.");
        return new Dictionary<string, IReadOnlyList<string>>(accepted, StringComparer.OrdinalIgnoreCase) { [provider] = [.. accepted.GetValueOrDefault(provider, []), version] };
    }

    private static StackIdentityProvider Identity(string value) => value.ToLowerInvariant() switch
    {
        "entra" => StackIdentityProvider.Entra,
        "adfs" => StackIdentityProvider.Adfs,
        _ => throw new FormatException($"--identity is entra or adfs, not '{value}'."),
    };
}
