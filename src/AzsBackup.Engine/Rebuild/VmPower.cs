using AzsBackup.Engine.Stacks;

namespace AzsBackup.Engine.Rebuild;

/// <summary>What a VM does just now, from the <c>PowerState/…</c> of its instance view (Microsoft.Compute).</summary>
internal static class VmPower
{
    private const string Prefix = "PowerState/";

    /// <summary>The state, for example <c>running</c>; null if the stack does not say.</summary>
    public static async Task<string?> ReadAsync(IStack stack, ResourceId vm, CancellationToken cancellationToken)
    {
        var body = await stack.Resources.GetWithInstanceViewAsync(vm, cancellationToken).ConfigureAwait(false);
        return BodyJson.Items(body.Json, "properties", "instanceView", "statuses")
            .Select(status => BodyJson.Text(status, "code"))
            .FirstOrDefault(code => code?.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase) == true)?[Prefix.Length..].ToLowerInvariant();
    }
}
