using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using AzsBackup.Emulator.Hosting;
using AzsBackup.Tests.Emulator.Hosting;

namespace AzsBackup.Tests.Emulator.Replay;

/// <summary>Plays one recording of Azure CLI against an emulated stack of its own, request by request, whatever came of the one before.</summary>
internal static class ArmReplay
{
    /// <summary>The recorded subscription, with which the recorder replaced the real one.</summary>
    private static readonly Guid Subscription = Guid.Empty;

    /// <summary>Gives the names of public IP addresses the recorded suffix.</summary>
    private const string Domain = "azure.com";

    private static readonly string[] OperationHeaders = ["Azure-AsyncOperation", "Location"];

    private static readonly string[] Running = ["InProgress", "Running", "Accepted", "Creating", "Updating", "Deleting", "ResolvingDns", "Provisioning"];

    public static async Task<IReadOnlyList<InteractionOutcome>> PlayAsync(Recording recording, ArmReplayRules rules, ReplayRules blobRules)
    {
        var estate = new RecordedEstate(recording);
        await using var host = await StackHost.StartAsync(new EmulatedStackOptions
        {
            Region = estate.Region,
            Domain = Domain,
            SubscriptionId = Subscription,
            OperationDuration = ReplayClient.OperationDuration,
        });
        var values = new ServerValues();
        var addresses = new ReplayAddresses(host.Stack.ArmEndpoint, estate.Region, Domain);
        await using var client = new ReplayClient(host, Domain, addresses, values);
        await client.PrepareAsync(estate);
        var arm = new ArmAnswerComparison(rules, values, addresses, estate.GroupNames);
        var blobs = new AnswerComparison(blobRules, values);
        List<InteractionOutcome> outcomes = [];
        Dictionary<string, string?> leftOut = new(StringComparer.OrdinalIgnoreCase);
        foreach (var (interaction, index) in recording.Interactions.Select((item, i) => (item, i)))
        {
            var isArm = interaction.Uri.Host == "management.azure.com";
            var isBlob = interaction.Uri.Host.EndsWith(".blob.core.windows.net", StringComparison.Ordinal);
            // What becomes of an operation is left out for the reason its beginning was.
            var reason = rules.ReasonToLeaveOut(recording.Name, interaction) ?? leftOut.GetValueOrDefault(ReplayAddresses.Key(interaction.Uri.OriginalString));
            foreach (var operation in Operations(interaction))
                leftOut.TryAdd(ReplayAddresses.Key(operation), reason);
            var name = $"{recording.Name} {index}";
            var line = $"{interaction.Method} {Regex.Replace(interaction.Uri.PathAndQuery, "^/subscriptions/[^/]+", "")}";
            if (!isArm && !isBlob)
            {
                outcomes.Add(new InteractionOutcome(name, line, reason ?? throw new InvalidOperationException($"No rule covers {name}, a request to {interaction.Uri.Host}."), []));
                continue;
            }

            if (!IsRunning(interaction))
                await client.SettleAsync();
            var answer = await client.SendAsync(interaction);
            if (isArm)
                Learn(addresses, interaction, answer);
            outcomes.Add(new InteractionOutcome(name, line, reason, isArm ? arm.Compare(interaction, answer) : blobs.Compare(interaction, answer)));
        }

        return outcomes;
    }

    /// <summary>Whether the recorded answer shows an operation that isn't over.</summary>
    private static bool IsRunning(RecordedInteraction interaction)
    {
        if (interaction.Method != "GET")
            return false;
        if (interaction.Status == 202)
            return true;
        var body = Body(interaction.AnswerBody) as JsonObject;
        var state = Text(body?["status"]) ?? Text((body?["properties"] as JsonObject)?["provisioningState"]);
        return Running.Contains(state);
    }

    /// <summary>The addresses under which the recorded service shows an operation that a request began.</summary>
    private static IEnumerable<string> Operations(RecordedInteraction interaction) =>
        interaction.Method == "GET" ? [] : OperationHeaders.Select(interaction.AnswerHeaders.GetValueOrDefault).OfType<string>();

    /// <summary>Learns where operations and further pages of ours are that stand for recorded ones.</summary>
    private static void Learn(ReplayAddresses addresses, RecordedInteraction recorded, Answer answer)
    {
        foreach (var name in OperationHeaders)
        {
            if (recorded.AnswerHeaders.GetValueOrDefault(name) is { } left && answer.Headers.GetValueOrDefault(name) is { } right)
                addresses.Pair(left, right);
        }

        if (Text((Body(recorded.AnswerBody) as JsonObject)?["nextLink"]) is { } next && Text((Body(answer.Body) as JsonObject)?["nextLink"]) is { } ours)
            addresses.Pair(next, ours);
    }

    private static string? Text(JsonNode? node) => node?.GetValueKind() == JsonValueKind.String ? node.GetValue<string>() : null;

    private static JsonNode? Body(byte[] bytes)
    {
        try
        {
            return bytes.Length == 0 || bytes[0] is not ((byte)'{' or (byte)'[') ? null : JsonNode.Parse(bytes);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
