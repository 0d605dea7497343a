using System.Text.Json;
using AzsBackup.Engine.Disks;
using AzsBackup.Engine.Stacks;
using AzsBackup.Model;

namespace AzsBackup.Engine.Backup.Quiescing;

/// <summary>Whether a VM runs: Microsoft.Compute instance view, statuses <c>PowerState/…</c>.</summary>
internal static class GuestPower
{
    private const string PowerPrefix = "PowerState/";

    /// <summary>What the stack says of it, for example <c>running</c> or <c>deallocated</c>.</summary>
    /// <exception cref="AzsException"><c>PowerStateUnknown</c>, or a failure of the stack.</exception>
    public static async Task<string> ReadAsync(IStack stack, VmDescription vm, CancellationToken cancellationToken)
    {
        var body = await stack.Resources.GetWithInstanceViewAsync(vm.Id, cancellationToken).ConfigureAwait(false);
        if (body.Find("properties", "instanceView", "statuses") is { ValueKind: JsonValueKind.Array } statuses)
        {
            foreach (var status in statuses.EnumerateArray())
            {
                if (status.TryGetProperty("code", out var code) && code.GetString() is { } text
                    && text.StartsWith(PowerPrefix, StringComparison.OrdinalIgnoreCase))
                {
                    return text[PowerPrefix.Length..].ToLowerInvariant();
                }
            }
        }

        throw new AzsException(
            AzsErrorKind.RemoteFailed,
            "PowerStateUnknown",
            $"The stack does not say whether VM '{vm.Name}' runs, so it was not touched.",
            "Try again when the VM is no longer being changed, or leave -Consistency Offline out.",
            vm.Id.ToString());
    }
}
