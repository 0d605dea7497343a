namespace AzsBackup.Engine.Running;

/// <summary>Runs work that is of use only as a whole.</summary>
internal static class AllOrNone
{
    /// <summary>As <see cref="RunAsync{TItem, TResult}"/>, for work that gives no result.</summary>
    public static Task RunAsync<TItem>(IEnumerable<TItem> items, Func<TItem, CancellationToken, Task> work, CancellationToken cancellationToken) =>
        RunAsync(
            items,
            async (item, cancelled) =>
            {
                await work(item, cancelled).ConfigureAwait(false);
                return true;
            },
            cancellationToken);

    /// <summary>
    /// Runs the work for all items at once. The first failure stops the others, is waited for until all have ended, and is thrown.
    /// </summary>
    /// <returns>The results in the items' order.</returns>
    public static async Task<TResult[]> RunAsync<TItem, TResult>(
        IEnumerable<TItem> items, Func<TItem, CancellationToken, Task<TResult>> work, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Exception? first = null;
        var tasks = items.Select(RunOneAsync).ToList();
        var results = await Task.WhenAll(tasks).ConfigureAwait(false);
        if (first is not null) System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(first);
        return results!;

        async Task<TResult?> RunOneAsync(TItem item)
        {
            try
            {
                return await work(item, stop.Token).ConfigureAwait(false);
            }
            catch (Exception failure)
            {
                if (Interlocked.CompareExchange(ref first, failure, null) is null) await stop.CancelAsync().ConfigureAwait(false);
                return default;
            }
        }
    }
}
