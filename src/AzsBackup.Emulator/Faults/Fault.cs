using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using AzsBackup.Emulator.Arm;

namespace AzsBackup.Emulator.Faults;

/// <summary>One thing that goes wrong: for which requests, how often, and how.</summary>
internal sealed class Fault
{
    private Fault(Regex route) => Route = route;

    /// <summary>Matched against the path and query.</summary>
    public Regex Route { get; }

    public string? Method { get; private init; }

    /// <summary>Answered instead of the real answer.</summary>
    public int? Status { get; private init; }

    /// <summary>The error code with <see cref="Status"/>.</summary>
    public string? Code { get; private init; }

    /// <summary>The Retry-After with <see cref="Status"/>, as written: seconds or a date.</summary>
    public string? RetryAfter { get; private init; }

    public TimeSpan Latency { get; private init; }

    /// <summary>The connection is cut after that many bytes of the body.</summary>
    public long? DropAfterBytes { get; private init; }

    /// <summary>The body ends, in good order, after that many bytes.</summary>
    public long? TruncateAfterBytes { get; private init; }

    /// <summary>How often it still strikes; <see langword="null"/> for ever.</summary>
    public int? Count { get; set; }

    /// <exception cref="FormatException">A fault without a route, without an effect, or with a route that is no regular expression.</exception>
    public static Fault Parse(JsonNode? node)
    {
        string route = node.Text("route") ?? throw new FormatException("A fault needs a \"route\", a regular expression over path and query.");
        Fault fault;
        try
        {
            fault = new Fault(new Regex(route, RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1)))
            {
                Method = node.Text("method"),
                Status = (int?)node.Number("status"),
                Code = node.Text("code"),
                RetryAfter = node.Text("retryAfter") ?? node.Number("retryAfter")?.ToString(System.Globalization.CultureInfo.InvariantCulture),
                Latency = TimeSpan.FromMilliseconds(node.Number("latencyMs") ?? 0),
                DropAfterBytes = node.Number("dropAfterBytes"),
                TruncateAfterBytes = node.Number("truncateAfterBytes"),
                Count = (int?)node.Number("count"),
            };
        }
        catch (ArgumentException exception)
        {
            throw new FormatException($"The fault's route '{route}' is no regular expression: {exception.Message}", exception);
        }

        bool hasEffect = fault.Status is not null || fault.Latency > TimeSpan.Zero || fault.DropAfterBytes is not null || fault.TruncateAfterBytes is not null;
        return hasEffect ? fault : throw new FormatException($"The fault for '{route}' says nothing that goes wrong: give status, latencyMs, dropAfterBytes or truncateAfterBytes.");
    }
}
