namespace AzsBackup.Vault.Maintenance;

/// <summary>Runs an action for each item, a limited number at a time. Starts on the calling thread: for requests, not for computing.</summary>
internal static class RequestWindow
{
    public static async Task ForEachAsync<T>(
        IEnumerable<T> items, int width, Func<T, CancellationToken, Task> action, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var running = new Queue<Task>();
        try
        {
            foreach (var item in items)
            {
                cancellationToken.ThrowIfCancellationRequested();
                running.Enqueue(action(item, stop.Token));
                if (running.Count >= width)
                    await running.Dequeue().ConfigureAwait(false);
            }

            while (running.TryDequeue(out var task))
                await task.ConfigureAwait(false);
        }
        finally
        {
            if (running.Count > 0)
                await stop.CancelAsync().ConfigureAwait(false);
            foreach (var task in running)
                await task.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
