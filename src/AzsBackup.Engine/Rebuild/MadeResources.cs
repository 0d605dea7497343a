using System.Text.Json.Nodes;
using AzsBackup.Engine.Running;
using AzsBackup.Engine.Stacks;
using AzsBackup.Model;

namespace AzsBackup.Engine.Rebuild;

/// <summary>
/// What a run makes on a stack. Unless it is kept, disposing of this removes it, the last one first; what can't be removed is
/// warned of by name. Nothing that was there before is ever replaced. Safe for concurrent use.
/// </summary>
/// <param name="stack">The stack.</param>
/// <param name="clock">The time.</param>
/// <param name="log">Told what could not be removed.</param>
/// <param name="cancellation">The run's token: once it is cancelled, removing may take but a moment.</param>
public sealed class MadeResources(IStack stack, TimeProvider clock, IRunLog log, CancellationToken cancellation) : IAsyncDisposable
{
    private const int Attempts = 4;

    private static readonly TimeSpan BetweenAttempts = TimeSpan.FromSeconds(1);

    private readonly Stack<(string What, Func<CancellationToken, Task> Remove)> _made = new();
    private readonly object _gate = new();

    /// <summary>How long removing may take once the run has been cancelled.</summary>
    public TimeSpan CancelledCleanUp { get; init; } = TimeSpan.FromSeconds(4);

    /// <summary>Makes a resource that must not be there yet.</summary>
    /// <exception cref="AzsException"><c>NameTaken</c>, or what the stack says.</exception>
    public async Task<ResourceBody> PutAsync(ResourceId id, JsonObject body, CancellationToken cancellationToken)
    {
        if (await stack.Resources.FindAsync(id, cancellationToken).ConfigureAwait(false) is not null) throw NameTaken(id);

        // Before it is asked for: a request that fails or is cancelled may have made it all the same.
        Remember(id.ToString(), cancelled => stack.Resources.DeleteAsync(id, cancelled));
        return await stack.Resources.PutAsync(id, body, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Makes a resource unless it is there.</summary>
    public async Task EnsureAsync(ResourceId id, JsonObject body, CancellationToken cancellationToken)
    {
        if (await stack.Resources.FindAsync(id, cancellationToken).ConfigureAwait(false) is not null) return;
        Remember(id.ToString(), cancelled => stack.Resources.DeleteAsync(id, cancelled));
        await stack.Resources.PutAsync(id, body, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Makes a resource group unless it is there; it is removed again only if nothing else is in it.</summary>
    public async Task EnsureGroupAsync(ResourceId group, string location, CancellationToken cancellationToken)
    {
        if (await stack.Resources.FindAsync(group, cancellationToken).ConfigureAwait(false) is not null) return;
        Remember(group.ToString(), cancelled => RemoveEmptyAsync(group, cancelled));
        await stack.Resources.PutAsync(group, new JsonObject { ["location"] = location }, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Remembers something that is about to be made.</summary>
    /// <param name="what">What it is called in a warning.</param>
    /// <param name="remove">Removes it; no error if it was never made.</param>
    public void Remember(string what, Func<CancellationToken, Task> remove)
    {
        lock (_gate) _made.Push((what, remove));
    }

    /// <summary>Says that all that was made so far stays.</summary>
    public void Keep()
    {
        lock (_gate) _made.Clear();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        using var limit = CleanUpTime.Start(CancelledCleanUp, clock, cancellation);
        while (TryTake(out var what, out var remove))
        {
            try
            {
                await RemoveAsync(remove, limit.Token).ConfigureAwait(false);
            }
            catch (Exception failure) when (failure is AzsException or OperationCanceledException)
            {
                log.Warning($"{what} may be left behind on {stack.HostName}: delete it. {CleanUpTime.ReasonOf(failure)}");
            }
        }
    }

    // A stack that is busy with something just made refuses to delete it for a while.
    private async Task RemoveAsync(Func<CancellationToken, Task> remove, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await remove(cancellationToken).ConfigureAwait(false);
                return;
            }
            catch (AzsException) when (attempt < Attempts)
            {
                await Task.Delay(BetweenAttempts, clock, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    internal static AzsException NameTaken(ResourceId id) => new(
        AzsErrorKind.AlreadyExists,
        "NameTaken",
        $"There is a {id.Type[(id.Type.LastIndexOf('/') + 1)..]} '{id.Name}' in resource group '{id.ResourceGroupName}' already.",
        "Give other names with -VmName, -NamePrefix or -NameMap, or another resource group.",
        id.ToString());

    private bool TryTake(out string what, out Func<CancellationToken, Task> remove)
    {
        lock (_gate)
        {
            var taken = _made.TryPop(out var last);
            (what, remove) = last;
            return taken;
        }
    }

    private async Task RemoveEmptyAsync(ResourceId group, CancellationToken cancellationToken)
    {
        var inside = stack.Resources.ListAsync($"{group}/resources", "Microsoft.Resources/resources", cancellationToken);
        try
        {
            await foreach (var _ in inside.ConfigureAwait(false)) return;
        }
        catch (AzsException missing) when (missing.Kind == AzsErrorKind.NotFound)
        {
            return;
        }

        await stack.Resources.DeleteAsync(group, cancellationToken).ConfigureAwait(false);
    }
}
