using AzsBackup.Emulator.Blobs.Operations;
using AzsBackup.Emulator.Blobs.Store;
using AzsBackup.Emulator.Pages;

namespace AzsBackup.Emulator.Blobs.Http;

/// <summary>Which operation a request is, and what permission it needs (learn.microsoft.com, "Create a service SAS" and "Create an account SAS").</summary>
internal sealed class BlobRouter
{
    /// <summary>No SAS opens it: the key is needed.</summary>
    private const string OwnerOnly = "";

    private readonly Dictionary<(char Level, string Method, string Comp), BlobOperation> _table;
    private readonly Dictionary<string, BlobOperation> _puts;
    private readonly BlobOperation _copy;

    public BlobRouter(PageStore pages, ContentStore contents, BlobServiceOptions options, ServiceClock clock, CopySource sources)
    {
        var containers = new ContainerOperations(clock);
        _copy = new('o', "cw", new CopyOperations(sources, clock).CopyAsync);
        var access = new ContainerAccessOperations(clock);
        var blobs = new BlobOperations(clock);
        var pageBlobs = new PageBlobOperations(pages, options, sources, clock);
        var blockBlobs = new BlockBlobOperations(contents, options, clock);

        _table = new()
        {
            [('s', "GET", "list")] = new('s', "l", ContainerListOperation.ListAsync),
            [('s', "GET", "properties")] = new('s', "rwl", AccountOperations.GetInformationAsync),
            [('s', "HEAD", "properties")] = new('s', "rwl", AccountOperations.GetInformationAsync),

            [('c', "PUT", "")] = new('c', "cw", ContainerOperations.CreateAsync),
            [('c', "DELETE", "")] = new('c', "d", ContainerOperations.DeleteAsync),
            [('c', "GET", "")] = new('c', "r", ContainerOperations.GetPropertiesAsync),
            [('c', "HEAD", "")] = new('c', "r", ContainerOperations.GetPropertiesAsync),
            [('c', "GET", "metadata")] = new('c', "r", ContainerOperations.GetPropertiesAsync),
            [('c', "HEAD", "metadata")] = new('c', "r", ContainerOperations.GetPropertiesAsync),
            [('c', "PUT", "metadata")] = new('c', "w", containers.SetMetadataAsync),
            [('c', "GET", "acl")] = new('c', OwnerOnly, ContainerAccessOperations.GetAsync),
            [('c', "HEAD", "acl")] = new('c', OwnerOnly, ContainerAccessOperations.GetAsync),
            [('c', "PUT", "acl")] = new('c', OwnerOnly, access.SetAsync),
            [('c', "PUT", "lease")] = new('c', "w", LeaseOperations.LeaseContainerAsync),
            [('c', "GET", "list")] = new('c', "l", BlobListOperation.ListAsync),

            [('o', "GET", "")] = new('o', "r", BlobReadOperations.GetAsync),
            [('o', "HEAD", "")] = new('o', "r", BlobReadOperations.GetPropertiesAsync),
            [('o', "GET", "metadata")] = new('o', "r", BlobReadOperations.GetMetadataAsync),
            [('o', "HEAD", "metadata")] = new('o', "r", BlobReadOperations.GetMetadataAsync),
            [('o', "PUT", "metadata")] = new('o', "w", blobs.SetMetadataAsync),
            [('o', "PUT", "properties")] = new('o', "w", blobs.SetPropertiesAsync),
            [('o', "PUT", "snapshot")] = new('o', "cw", BlobOperations.SnapshotAsync),
            [('o', "DELETE", "")] = new('o', "d", BlobOperations.DeleteAsync),

            [('o', "PUT", "copy")] = new('o', "cw", CopyOperations.AbortAsync),
            [('o', "PUT", "lease")] = new('o', "w", LeaseOperations.LeaseBlobAsync),

            [('o', "PUT", "page")] = new('o', "w", pageBlobs.PutPageAsync),
            [('o', "GET", "pagelist")] = new('o', "r", PageListOperation.GetAsync),

            [('o', "PUT", "block")] = new('o', "cw", blockBlobs.PutBlockAsync),
            [('o', "PUT", "blocklist")] = new('o', "cw", blockBlobs.PutBlockListAsync),
            [('o', "GET", "blocklist")] = new('o', "r", BlockBlobOperations.GetBlockListAsync),
        };

        _puts = new(StringComparer.Ordinal)
        {
            [PageBlob.TypeName] = new('o', "cw", pageBlobs.CreateAsync),
            [BlockBlob.TypeName] = new('o', "cw", blockBlobs.PutBlobAsync),
        };
    }

    public BlobOperation Route(BlobRequest request)
    {
        var level = request.Address switch { { Container.Length: 0 } => 's', { Blob.Length: 0 } => 'c', _ => 'o' };
        var comp = request.Query("comp") ?? "";
        // Get Account Information doesn't care what container or blob its address names, nor whether there is one (recorded: test_get_account_information_with_blob_name).
        if (request.Query("restype") == "account")
            level = 's';
        if (level == 'o' && comp.Length == 0 && request.Method == HttpMethods.Put)
            return RoutePut(request);
        if (_table.TryGetValue((level, request.Method, comp), out var operation))
            return operation;
        // Operations of the protocol that have no room here yet are not the client's fault.
        throw comp is "appendblock" or "incrementalcopy" or "tier" or "batch" or "undelete" or "stats"
            ? BlobErrors.NotImplemented()
            : comp.Length > 0 ? BlobErrors.InvalidQueryParameter("comp", comp, "Unknown operation.") : BlobErrors.UnsupportedVerb();
    }

    private BlobOperation RoutePut(BlobRequest request)
    {
        if (request.Header("x-ms-copy-source") is not null)
            return _copy;
        var type = request.Header("x-ms-blob-type") ?? throw BlobErrors.MissingRequiredHeader("x-ms-blob-type");
        if (_puts.TryGetValue(type, out var operation))
            return operation;
        throw type == "AppendBlob" ? BlobErrors.NotImplemented() : BlobErrors.InvalidHeaderValue("x-ms-blob-type", type);
    }
}
