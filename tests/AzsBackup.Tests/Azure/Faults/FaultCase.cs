using System.Globalization;
using System.Text.Json.Nodes;

namespace AzsBackup.Tests.Azure.Faults;

/// <summary>A thing that goes wrong at one step.</summary>
/// <param name="Step">Where.</param>
/// <param name="Trouble">What, in words.</param>
/// <param name="Fault">The fault, as a fault file has it.</param>
internal sealed record FaultCase(FaultStep Step, string Trouble, JsonObject Fault)
{
    private static readonly (string Name, string Json, Func<FaultStep, bool> Concerns)[] Troubles =
    [
        ("429, seconds", """{"status":429,"retryAfter":2,"count":6}""", Any),
        ("429, date", """{"status":429,"retryAfterDateSeconds":40,"count":3}""", Any),
        ("429, no word", """{"status":429,"count":6}""", Any),
        ("429, for an hour", """{"status":429,"retryAfter":3600,"count":1}""", Any),
        ("503, passing", """{"status":503,"count":4}""", Any),
        ("503, for ever", """{"status":503}""", Any),
        ("500, passing", """{"status":500,"count":3}""", Any),
        ("refused, 403", """{"status":403,"code":"AuthorizationFailed"}""", Any),
        ("cut before the answer", """{"dropAfterBytes":0,"direction":"request","count":3}""", Any),
        ("cut for ever", """{"dropAfterBytes":0,"direction":"request"}""", Any),
        ("cut in the answer", """{"dropAfterBytes":30,"count":2}""", Any),
        ("ends early", """{"truncateAfterBytes":30,"count":2}""", Any),
        ("ends at once", """{"truncateAfterBytes":0,"count":2}""", Any),
        ("stalls", """{"stallAfterBytes":20,"count":1}""", Any),
        ("stalls on the way up", """{"stallAfterBytes":0,"direction":"request","count":1}""", step => step.HasBody),
        ("byte turned", """{"flipByteAt":25,"count":1}""", Any),
        ("byte turned on the way up", """{"flipByteAt":25,"direction":"request","count":1}""", step => step.HasBody && step.OnBlobs),
        ("signature ended", """{"expireSas":true,"count":1}""", step => step.OnBlobs && !step.ByKey),
        ("token ended", """{"expireToken":true,"count":1}""", step => !step.OnBlobs && !step.SignsIn),
        ("operation fails", """{"operationResult":"fail","count":1}""", step => step.Starts),
        ("operation never ends", """{"operationResult":"hang","count":1}""", step => step.Starts),
        ("operation is forgotten", """{"operationResult":"vanish","count":1}""", step => step.Starts),
    ];

    /// <summary>Every trouble at every step it can happen at.</summary>
    public static IReadOnlyList<FaultCase> All(IEnumerable<FaultStep> steps) =>
        [.. steps.SelectMany(step => Troubles.Where(trouble => trouble.Concerns(step)).Select(trouble => Make(step, trouble.Name, trouble.Json)))];

    /// <summary>A diagonal through the matrix: every step with as many of its troubles, so that every trouble has its turn.</summary>
    public static IEnumerable<FaultCase> Diagonal(IReadOnlyList<FaultStep> steps, int each) => steps.SelectMany((step, index) =>
    {
        var own = All([step]);
        return Enumerable.Range(index * each, each).Select(turn => own[turn * 5 % own.Count]);
    });

    /// <summary>
    /// So many cases of the matrix: with all of them, hours would pass in CI. AZSBACKUP_FAULT_SEED chooses others, and
    /// AZSBACKUP_FAULT_SEED=all takes the whole matrix.
    /// </summary>
    public static IReadOnlyList<FaultCase> Sample(IEnumerable<FaultStep> steps, int count)
    {
        var seed = Environment.GetEnvironmentVariable("AZSBACKUP_FAULT_SEED") ?? "20261123";
        FaultCase[] all = [.. All(steps)];
        if (seed == "all") return all;
        new Random(int.Parse(seed, CultureInfo.InvariantCulture)).Shuffle(all);
        return all[..count];
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Step.Operation}{(Step.After > 0 ? $" after {Step.After}" : "")}: {Trouble}";

    private static FaultCase Make(FaultStep step, string name, string json)
    {
        var fault = JsonNode.Parse(json)!.AsObject();
        fault["operation"] = step.Operation;
        if (step.After > 0) fault["after"] = step.After;
        return new FaultCase(step, name, fault);
    }

    private static bool Any(FaultStep step) => true;
}
