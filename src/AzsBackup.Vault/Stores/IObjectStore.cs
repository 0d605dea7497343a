namespace AzsBackup.Vault.Stores;

/// <summary>
/// A place for immutable named objects. A vault is safe on every store that keeps these promises, and on no other:
/// <list type="bullet">
/// <item>Names follow <see cref="ObjectName"/>; any other name is an <see cref="ArgumentException"/>.</item>
/// <item>Create-only: an object that exists is never replaced, shortened or written to.</item>
/// <item>Atomic: whoever sees an object sees all its bytes. A creation that failed or died leaves nothing under the name.</item>
/// <item>Read-after-write: what <see cref="TryCreateAsync"/> created is found and listed through the same instance at once,
/// and through every other one after the next <see cref="FlushAsync"/>.</item>
/// <item>Two instances that create one name at the same time may both be told <see langword="true"/>; one content wins, whole.
/// Within one instance exactly one is told so. Who must know reads back after a flush.</item>
/// <item>Durable: when <see cref="FlushAsync"/> returns, everything created before it, and everything that this instance had
/// listed, found or reported as existing before it, survives a power cut.</item>
/// <item>Listing: every object that existed through the whole listing appears once; one created or deleted meanwhile may or may not. No order.</item>
/// <item>The store's time: <see cref="StoredObject.CreatedAt"/> is by one clock for all writers. What that clock says now is
/// learnt by creating an object.</item>
/// <item>Failures are <see cref="Model.AzsException"/>; retrying is a wrapper's business.</item>
/// <item>All members may be called concurrently.</item>
/// </list>
/// </summary>
public interface IObjectStore
{
    /// <summary>Where the store lies, for people: a full path, or a URI. Holds no secret.</summary>
    string Location { get; }

    /// <summary>Creates an object.</summary>
    /// <param name="name">The object's name.</param>
    /// <param name="content">All its bytes.</param>
    /// <param name="cancellationToken">Stops the creation; whether the object then exists is unknown.</param>
    /// <returns><see langword="false"/> if an object of this name exists; it is left as it is.</returns>
    Task<bool> TryCreateAsync(string name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken);

    /// <summary>Reads an object.</summary>
    /// <param name="name">The object's name.</param>
    /// <param name="maximumLength">The most bytes worth reading; a longer object is damage (<c>ObjectTooLong</c>), not memory.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <returns>All its bytes, for the caller to dispose of; <see langword="null"/> if there is none of this name.</returns>
    Task<PooledBuffer?> FindAsync(string name, int maximumLength, CancellationToken cancellationToken);

    /// <summary>Lists the objects whose names begin with <paramref name="prefix"/>.</summary>
    /// <param name="prefix">The beginning of the names; empty for all. With an empty prefix, files are listed too that are no objects of a vault.</param>
    /// <param name="cancellationToken">Stops the listing.</param>
    IAsyncEnumerable<StoredObject> ListAsync(string prefix, CancellationToken cancellationToken);

    /// <summary>Deletes an object. Deleting what is gone succeeds.</summary>
    /// <param name="name">The object's name.</param>
    /// <param name="cancellationToken">Stops the deletion; whether the object then exists is unknown.</param>
    Task DeleteAsync(string name, CancellationToken cancellationToken);

    /// <summary>Makes everything durable that was created before the call; see the promises above.</summary>
    /// <param name="cancellationToken">Stops waiting; then nothing is promised.</param>
    Task FlushAsync(CancellationToken cancellationToken);
}
