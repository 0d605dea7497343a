using System.Globalization;
using AzsBackup.Engine.Disks;
using AzsBackup.Engine.Rebuild;
using AzsBackup.Engine.Stacks;
using AzsBackup.Model;

namespace AzsBackup.Engine.Proving;

/// <summary>Waits for a guest to come up: until its agent says that it is ready, or until a script of the user's says so.</summary>
internal sealed class GuestWatch(IStack stack, BootOptions options, TimeProvider clock)
{
    /// <summary>Waits.</summary>
    /// <returns>Why it did not come up in time, in one sentence; null if it did.</returns>
    public async Task<string?> WaitAsync(ResourceId vm, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(options.Patience, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        var last = "nothing was heard of it.";
        try
        {
            while (true)
            {
                var why = options.Until is null
                    ? await AskAgentAsync(vm, either.Token).ConfigureAwait(false)
                    : await AskScriptAsync(vm, either.Token).ConfigureAwait(false);
                if (why is null) return null;
                last = why;
                await Task.Delay(options.Interval, clock, either.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return string.Create(CultureInfo.InvariantCulture, $"The VM did not come up within {options.Patience.TotalMinutes:0.#} minutes: {last}");
        }
    }

    /// <summary>Source: the instance view's <c>vmAgent.statuses</c> (Microsoft.Compute, virtualMachines, $expand=instanceView).</summary>
    private async Task<string?> AskAgentAsync(ResourceId vm, CancellationToken cancellationToken)
    {
        var body = await stack.Resources.GetWithInstanceViewAsync(vm, cancellationToken).ConfigureAwait(false);
        var said = BodyJson.Items(body.Json, "properties", "instanceView", "vmAgent", "statuses")
            .Select(status => BodyJson.Text(status, "displayStatus")).FirstOrDefault();
        return said switch
        {
            "Ready" => null,
            null => "its agent has not reported.",
            _ => $"its agent reports '{said}'.",
        };
    }

    private async Task<string?> AskScriptAsync(ResourceId vm, CancellationToken cancellationToken)
    {
        try
        {
            var described = await VmDescription.ReadAsync(stack, vm, cancellationToken).ConfigureAwait(false);
            await options.Until!.RunAsync(described, cancellationToken).ConfigureAwait(false);
            return null;
        }
        catch (AzsException failure)
        {
            return failure.Message;
        }
    }
}
