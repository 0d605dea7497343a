namespace AzsBackup.Azure.Transport;

/// <summary>A service of a stack, each with limits of its own on requests.</summary>
internal enum RequestService
{
    /// <summary>Resource Manager, which counts per subscription, and reads, writes and deletions apart.</summary>
    ResourceManager,

    /// <summary>A storage account's blobs.</summary>
    Blobs,

    /// <summary>The token issuer, and the metadata that leads to it.</summary>
    Identity,
}
