using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using AzsBackup.Emulator.Arm;

namespace AzsBackup.Emulator.Faults;

/// <summary>Reads faults from JSON, in the form that README.md beside this file describes, and says everything that is wrong with them.</summary>
/// <param name="seed">The seed of the stack: a fault without one takes this plus its place in the list.</param>
/// <param name="operations">The operations that have a name without slashes.</param>
internal sealed class FaultReader(int seed, IReadOnlyCollection<string> operations)
{
    private static readonly string[] BodyEffects = ["dropAfterBytes", "truncateAfterBytes", "stallAfterBytes", "flipByteAt"];
    private static readonly string[] MainEffects = [.. BodyEffects, "status", "error", "expireSas", "expireToken", "diff", "omitShare", "operationResult"];

    /// <summary>Reads all entries.</summary>
    /// <exception cref="FormatException">Something is wrong; one line for each thing, which names the entry by its place and its name.</exception>
    public IReadOnlyList<Fault> Read(JsonNode? node)
    {
        JsonArray list = node as JsonArray ?? node.Array("faults") ?? throw new FormatException("Faults are a JSON array, or an object with an array \"faults\".");
        List<string> problems = [];
        List<Fault> faults = [];
        for (int i = 0; i < list.Count; i++)
        {
            if (list[i] is not JsonObject json)
            {
                problems.Add($"Fault {i + 1}: it is no JSON object.");
                continue;
            }

            try
            {
                FaultEntry entry = new(json);
                faults.Add(Read(entry, i));
                problems.AddRange(entry.Problems.Select(problem => $"Fault {i + 1}{(json.Text("name") is { } name ? $" ({name})" : "")}: {problem}."));
            }
            catch (ArgumentException exception)
            {
                // The reader of JSON objects refuses a name given twice when the object is first looked into.
                problems.Add($"Fault {i + 1}: {exception.Message}");
            }
        }

        return problems.Count == 0 ? faults : throw new FormatException(string.Join(Environment.NewLine, problems));
    }

    private Fault Read(FaultEntry entry, int index)
    {
        entry.Text("name");
        FaultMatch match = new() { Route = entry.Pattern("route"), Host = entry.Pattern("host"), Method = entry.Text("method"), Operation = Operation(entry) };
        if (!entry.Has("route") && !entry.Has("operation") && !entry.Has("host"))
            entry.Blame("it needs a \"route\" (a regular expression over path and query), an \"operation\" or a \"host\"");
        Fault fault = new(entry.Json, match, Effect(entry))
        {
            After = entry.Whole("after", 0) ?? 0,
            Count = entry.Whole("count", 1),
            Probability = entry.Share("probability") ?? 1,
            Seed = (int)(entry.Whole("seed", int.MinValue, int.MaxValue) ?? seed + index),
        };
        entry.BlameUnknown();
        return fault;
    }

    private Regex? Operation(FaultEntry entry)
    {
        if (entry.Text("operation") is not { } text)
            return null;
        Regex pattern = new("^" + Regex.Escape(text).Replace("\\*", ".*", StringComparison.Ordinal) + "$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);
        if (!text.Contains('/', StringComparison.Ordinal) && !operations.Any(pattern.IsMatch))
            entry.Blame($"\"operation\" \"{text}\" is not known. It is an ARM action such as Microsoft.Compute/snapshots/write, or one of {string.Join(", ", operations.Order(StringComparer.Ordinal))}; * stands for anything");
        return pattern;
    }

    private static FaultEffect Effect(FaultEntry entry)
    {
        string[] main = [.. MainEffects.Where(entry.Has)];
        bool fails = false;
        OperationFate? fate = entry.Word("operationResult", ("fail", OperationFate.Fail), ("hang", OperationFate.Hang), ("vanish", OperationFate.Vanish));
        if (fate == OperationFate.Fail)
        {
            fails = true;
            main = [.. main.Except(["status", "error"])];
        }

        if (main.Length > 1)
            entry.Blame($"only one of \"{string.Join("\", \"", main)}\" can happen to a request; give each a fault of its own");
        bool isUpwards = entry.Word("direction", ("response", false), ("request", true)) ?? false;
        BodyFault? body = Body(entry);
        if (entry.Has("direction") && body is null)
            entry.Blame("\"direction\" speaks of a body: it goes with bytesPerSecond, " + string.Join(", ", BodyEffects));
        FaultEffect effect = new()
        {
            Latency = entry.Milliseconds("latencyMs") ?? TimeSpan.Zero,
            Jitter = entry.Milliseconds("jitterMs") ?? TimeSpan.Zero,
            Answer = Answer(entry, fails),
            Response = isUpwards ? null : body,
            Request = isUpwards ? body : null,
            ExpiresSas = entry.Flag("expireSas"),
            ExpiresToken = entry.Flag("expireToken"),
            OmittedShare = entry.Share("omitShare"),
            Operation = fate,
        };
        if (main.Length == 0 && body is null && !entry.Has("latencyMs") && !entry.Has("jitterMs"))
            entry.Blame($"it says nothing that goes wrong: give latencyMs, bytesPerSecond or one of {string.Join(", ", MainEffects)}");
        return effect;
    }

    private static BodyFault? Body(FaultEntry entry)
    {
        BodyFault body = new()
        {
            DropAfter = entry.Whole("dropAfterBytes", 0),
            TruncateAfter = entry.Whole("truncateAfterBytes", 0),
            StallAfter = entry.Whole("stallAfterBytes", 0),
            StallTime = entry.Milliseconds("stallMs"),
            FlipAt = entry.Whole("flipByteAt", 0),
            Rate = entry.Whole("bytesPerSecond", 1),
        };
        if (body.StallTime is not null && body.StallAfter is null)
            entry.Blame("\"stallMs\" goes with stallAfterBytes");
        return body == new BodyFault() ? null : body;
    }

    private static FaultAnswer? Answer(FaultEntry entry, bool fails)
    {
        FaultWord? diff = entry.Word("diff", ("unsupported", FaultWord.DiffUnsupported));
        FaultWord? error = entry.Word("error", ("quota", FaultWord.Quota), ("lock", FaultWord.Lock), ("capacity", FaultWord.Capacity));
        FaultAnswer answer = new()
        {
            Words = error ?? diff,
            Status = (int?)entry.Whole("status", 400, 599),
            Code = entry.Text("code"),
            Message = entry.Text("message"),
            RetryAfter = RetryAfter(entry),
            RetryAfterDate = entry.Whole("retryAfterDateSeconds", 0, int.MaxValue) is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
        };
        if (answer.RetryAfter is not null && answer.RetryAfterDate is not null)
            entry.Blame("\"retryAfter\" and \"retryAfterDateSeconds\" are the same header");
        bool isGiven = answer.Status is not null || answer.Words is not null;
        if (!isGiven && !fails && answer != new FaultAnswer())
            entry.Blame("\"code\", \"message\", \"retryAfter\" and \"retryAfterDateSeconds\" go with status, error or diff");
        return isGiven || fails ? answer : null;
    }

    /// <summary>Seconds as a number, or the header's text: seconds or an HTTP date.</summary>
    private static string? RetryAfter(FaultEntry entry)
    {
        const string Name = "retryAfter";
        if (entry.Json[Name] is not JsonValue value || value.GetValueKind() != System.Text.Json.JsonValueKind.String)
            return entry.Whole(Name, 0, int.MaxValue)?.ToString(CultureInfo.InvariantCulture);
        string text = entry.Text(Name)!;
        bool isGood = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out _)
            || DateTimeOffset.TryParseExact(text, "R", CultureInfo.InvariantCulture, DateTimeStyles.None, out _);
        if (!isGood)
            entry.Blame($"\"{Name}\" must be seconds or an HTTP date such as \"Sun, 01 Mar 2026 12:00:00 GMT\", not \"{text}\"");
        return text;
    }
}
