using AzsBackup.Engine.Mounting.Nbd;
using AzsBackup.Model;

namespace AzsBackup.Engine.Mounting;

/// <summary>A disk that is being served.</summary>
public sealed class MountedDisk : IAsyncDisposable
{
    private readonly NbdServer _server;

    internal MountedDisk(NbdServer server, AzsVmBackupMount description) => (_server, Description) = (server, description);

    /// <summary>What the user is given.</summary>
    public AzsVmBackupMount Description { get; }

    /// <summary>Ends it: clients are cut off.</summary>
    public ValueTask DisposeAsync() => _server.DisposeAsync();
}
