using System.Globalization;
using System.Text.Json;
using AzsBackup.Engine.Stacks;
using AzsBackup.Model;

namespace AzsBackup.Engine.Readiness;

/// <summary>How much of the subscription's quotas is used.</summary>
internal sealed class QuotaProbe(IStack stack) : IReadinessProbe
{
    private const double NearlyAll = 0.9;

    public string Name => "Quotas";

    public async Task<IReadOnlyList<Finding>> RunAsync(CancellationToken cancellationToken)
    {
        var location = stack.Connection.Location;
        (string Provider, string Path, string Type)[] lists =
        [
            ("Microsoft.Compute", $"Microsoft.Compute/locations/{location}/usages", "Microsoft.Compute/locations/usages"),
            ("Microsoft.Network", $"Microsoft.Network/locations/{location}/usages", "Microsoft.Network/locations/usages"),
            ("Microsoft.Storage", "Microsoft.Storage/usages", "Microsoft.Storage/usages"),
        ];
        var findings = new List<Finding>();
        foreach (var (provider, path, type) in lists)
            findings.Add(await JudgeAsync(provider, path, type, cancellationToken).ConfigureAwait(false));
        return findings;
    }

    private async Task<Finding> JudgeAsync(string provider, string path, string type, CancellationToken cancellationToken)
    {
        var name = $"Quota: {provider}";
        var usages = new List<(string Name, double Used, double Limit)>();
        try
        {
            var list = stack.Resources.ListAsync($"/subscriptions/{stack.Connection.SubscriptionId}/providers/{path}", type, cancellationToken);
            await foreach (var usage in list.ConfigureAwait(false))
            {
                if (Number(usage.Find("limit")) is { } limit and > 0 && Number(usage.Find("currentValue")) is { } used)
                    usages.Add((usage.FindText("name", "localizedValue") ?? usage.FindText("name", "value") ?? "?", used, limit));
            }
        }
        catch (AzsException failure)
        {
            return new Finding(name, AzsReadinessStatus.Unknown, failure.Message, failure.NextStep);
        }

        if (usages.Count == 0) return new Finding(name, AzsReadinessStatus.Unknown, "The stack names no quotas.");
        var near = usages.Where(usage => usage.Used >= usage.Limit * NearlyAll).ToList();
        var told = string.Join(", ", (near.Count > 0 ? near : usages).Select(usage =>
            string.Create(CultureInfo.InvariantCulture, $"{usage.Name} {usage.Used:0.#} of {usage.Limit:0.#}")));
        return near.Count == 0
            ? new Finding(name, AzsReadinessStatus.Ready, $"In use: {told}.")
            : new Finding(name, AzsReadinessStatus.Limited, $"Nearly used up: {told}.", "Free some of it, or ask the stack's operator for an add-on plan, before restoring or failing over here.");
    }

    private static double? Number(JsonElement? value) => value is { ValueKind: JsonValueKind.Number } number ? number.GetDouble() : null;
}
