using AzsBackup.Model;

namespace AzsBackup.Engine.Stacks;

/// <summary>One connected stack: what the engine may ask of it. Safe for concurrent use.</summary>
public interface IStack
{
    /// <summary>What the user sees of the connection.</summary>
    AzsStackConnection Connection { get; }

    /// <summary>The name points and replicas record: the host of the Resource Manager endpoint (with its port unless 443).</summary>
    string HostName => Connection.ArmEndpoint.IsDefaultPort ? Connection.ArmEndpoint.Host : Connection.ArmEndpoint.Authority;

    /// <summary>Its Resource Manager.</summary>
    IResourceClient Resources { get; }

    /// <summary>The stack's time (UTC, whole seconds); null if it does not tell.</summary>
    Task<DateTimeOffset?> ReadClockAsync(CancellationToken cancellationToken) => Task.FromResult<DateTimeOffset?>(null);

    /// <summary>A reader of an exported disk or snapshot.</summary>
    IPageBlobReader OpenGrantedDisk(IReadGrant grant);

    /// <summary>A storage account of the stack, by its key.</summary>
    /// <param name="blobEndpoint">The account's <c>primaryEndpoints.blob</c>.</param>
    /// <param name="accountName">The account's name.</param>
    /// <param name="accountKey">One of its keys, in Base64; kept only in the client made from it.</param>
    IBlobAccount OpenBlobAccount(Uri blobEndpoint, string accountName, string accountKey);
}
