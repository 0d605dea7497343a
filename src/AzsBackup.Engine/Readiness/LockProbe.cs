using AzsBackup.Engine.Stacks;
using AzsBackup.Model;

namespace AzsBackup.Engine.Readiness;

/// <summary>Locks that lie over the whole subscription: they keep a backup from making its snapshots, or from deleting them.</summary>
internal sealed class LockProbe(IStack stack) : IReadinessProbe
{
    private const string Type = "Microsoft.Authorization/locks";

    public string Name => "Locks";

    public async Task<IReadOnlyList<Finding>> RunAsync(CancellationToken cancellationToken)
    {
        var subscription = $"/subscriptions/{stack.Connection.SubscriptionId}";
        var above = new List<(string Name, string Level)>();
        var below = 0;
        await foreach (var one in stack.Resources.ListAsync($"{subscription}/providers/{Type}", Type, cancellationToken).ConfigureAwait(false))
        {
            if (one.Id.ToString().StartsWith($"{subscription}/providers/", StringComparison.OrdinalIgnoreCase))
                above.Add((one.Id.Name, one.FindText("properties", "level") ?? ""));
            else
                below++;
        }

        var named = string.Join(", ", above.Select(one => $"'{one.Name}' ({one.Level})"));
        if (above.Exists(one => one.Level.Equals("ReadOnly", StringComparison.OrdinalIgnoreCase)))
        {
            return [new Finding(Name, AzsReadinessStatus.Missing, $"The subscription is locked: {named}. No snapshot can be made.", "Remove the ReadOnly lock from the subscription.")];
        }

        return
        [
            above.Count > 0
                ? new Finding(Name, AzsReadinessStatus.Limited, $"The subscription is locked: {named}. Snapshots that runs make can't be deleted.", "Put the lock on the resource groups that need it, instead of the subscription.")
                : new Finding(Name, AzsReadinessStatus.Ready, below == 0 ? "Nothing is locked." : $"The subscription is not locked; {below} locks lie on groups or resources in it."),
        ];
    }
}
