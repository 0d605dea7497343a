namespace AzsBackup.Engine.Inspection;

/// <summary>Knows one kind of volume.</summary>
public interface IContentProbe
{
    /// <summary>Looks at a volume.</summary>
    /// <returns>What it is; null if it is not of this kind.</returns>
    /// <exception cref="Model.AzsException">The volume can't be read.</exception>
    Task<ContentFinding?> LookAsync(DiskSlice volume, CancellationToken cancellationToken);

    /// <summary>Looks for the kind's spare copies in a volume that nobody recognises.</summary>
    /// <returns>What it was; null if nothing of this kind is there.</returns>
    Task<ContentFinding?> LookForRemainsAsync(DiskSlice volume, CancellationToken cancellationToken);
}
