using AzsBackup.Engine.Stacks;

namespace AzsBackup.Engine.Disks;

/// <summary>A snapshot this run makes, holds and must give back, whatever happens in between.</summary>
internal abstract class HeldSnapshot : IDisposable
{
    /// <summary>What it is called in a warning when it could not be given back.</summary>
    public abstract string Description { get; }

    /// <summary>Makes it. If this fails or is cancelled, it may exist all the same, so it is released nevertheless.</summary>
    /// <returns>A reader of it, and when the stack says it was made (UTC), if it says so.</returns>
    public abstract Task<(IPageBlobReader Reader, DateTime? MadeAt)> MakeAsync(CancellationToken cancellationToken);

    /// <summary>How to find it again; null before it is made, and if the stack tells too little to know it again.</summary>
    public abstract KeptSnapshot? Reference { get; }

    /// <summary>Revokes access to it; it stays.</summary>
    public abstract Task RevokeAsync(CancellationToken cancellationToken);

    /// <summary>Revokes access to it and deletes it. One that was never made is no error.</summary>
    public abstract Task ReleaseAsync(CancellationToken cancellationToken);

    /// <summary>Frees what this object holds in this process; makes no request.</summary>
    public virtual void Dispose()
    {
    }
}
