using System.Collections.Concurrent;
using System.Management.Automation.Runspaces;
using AzsBackup.Engine.Mounting;
using AzsBackup.Model;

namespace AzsBackup.Sessions;

/// <summary>The disks that this process serves, each for the session that mounted it: they end with it at the latest. Safe for concurrent use.</summary>
internal static class MountSessions
{
    private static readonly ConcurrentDictionary<Uri, (MountedDisk Disk, Guid Session)> Mounted = [];
    private static readonly ConcurrentDictionary<Guid, bool> Watched = [];

    /// <summary>Takes over disks for a session.</summary>
    public static void Add(IEnumerable<MountedDisk> disks, Runspace session)
    {
        if (Watched.TryAdd(session.InstanceId, true)) session.StateChanged += EndWithSession;
        foreach (var disk in disks) Mounted[disk.Description.Uri] = (disk, session.InstanceId);
    }

    /// <summary>What a session has mounted.</summary>
    public static IReadOnlyList<AzsVmBackupMount> Of(Runspace session) =>
        [.. Mounted.Values.Where(mounted => mounted.Session == session.InstanceId).Select(mounted => mounted.Disk.Description)];

    /// <summary>Ends the serving of a disk, whichever session mounted it.</summary>
    /// <returns>Whether it was being served.</returns>
    public static async Task<bool> EndAsync(Uri uri)
    {
        if (!Mounted.TryRemove(uri, out var mounted)) return false;
        await mounted.Disk.DisposeAsync().ConfigureAwait(false);
        return true;
    }

    /// <summary>Ends all that a session has mounted.</summary>
    public static Task EndAllAsync(Guid session) =>
        Task.WhenAll(Mounted.Where(mounted => mounted.Value.Session == session).Select(mounted => EndAsync(mounted.Key)));

    private static void EndWithSession(object? sender, RunspaceStateEventArgs change)
    {
        if (sender is not Runspace session || change.RunspaceStateInfo.State is not (RunspaceState.Closing or RunspaceState.Closed or RunspaceState.Broken)) return;
        session.StateChanged -= EndWithSession;
        Watched.TryRemove(session.InstanceId, out _);

        // Nobody waits here: a session closes without delay, and its clients are cut off a moment later.
        _ = EndAllAsync(session.InstanceId);
    }
}
