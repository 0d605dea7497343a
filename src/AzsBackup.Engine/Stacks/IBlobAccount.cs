namespace AzsBackup.Engine.Stacks;

/// <summary>A storage account's blob service, opened with the account's key. Safe for concurrent use.</summary>
public interface IBlobAccount
{
    /// <summary>Makes a private container unless it exists.</summary>
    Task EnsureContainerAsync(string container, CancellationToken cancellationToken);

    /// <summary>A page blob in a container; makes no request.</summary>
    IPageBlob OpenPageBlob(string container, string name);

    /// <summary>Writes a small blob whole, replacing one of that name.</summary>
    Task PutDocumentAsync(string container, string name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken);

    /// <summary>Reads a small blob whole; null if it or its container does not exist.</summary>
    Task<byte[]?> FindDocumentAsync(string container, string name, CancellationToken cancellationToken);

    /// <summary>The names of the blobs that start with <paramref name="prefix"/>, in ordinal order; none if the container does not exist.</summary>
    IAsyncEnumerable<string> ListAsync(string container, string prefix, CancellationToken cancellationToken);
}
