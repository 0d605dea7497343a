using AzsBackup.Emulator.Blobs.Operations;
using AzsBackup.Emulator.Blobs.Store;
using AzsBackup.Emulator.Pages;

namespace AzsBackup.Emulator.Blobs.Http;

/// <summary>Which operation a request is, and what permission it needs (learn.microsoft.com, "Create a service SAS" and "Create an account SAS").</summary>
internal sealed class BlobRouter
{
    /// <summary>No SAS opens it: the key is needed.</summary>
    private const string OwnerOnly = "";

    /// <summary>comp=properties with restype=service, to tell it from restype=account.</summary>
    private const string ServiceComp = "service properties";

    private readonly Dictionary<(char Level, string Method, string Comp), BlobOperation> _table;
    private readonly Dictionary<string, BlobOperation> _puts;
    private readonly BlobOperation _copy;
    private readonly BlobOperation _pageDiff;

    public BlobRouter(PageStore pages, ContentStore contents, BlobServiceOptions options, ServiceClock clock, CopySource sources)
    {
        var containers = new ContainerOperations(clock);
        _copy = new("CopyBlob", 'o', "cw", new CopyOperations(sources, clock).CopyAsync);
        var access = new ContainerAccessOperations(clock);
        var blobs = new BlobOperations(options, clock);
        var pageBlobs = new PageBlobOperations(pages, options, sources, clock);
        var content = new SourceContent(sources);
        var blockBlobs = new BlockBlobOperations(contents, content, options, clock);
        var appendBlobs = new AppendBlobOperations(contents, content, clock);
        var pageLists = new PageListOperation(sources);

        _pageDiff = new("GetPageRangesDiff", 'o', "r", pageLists.GetAsync);

        _table = new()
        {
            [('s', "GET", "list")] = new("ListContainers", 's', "l", ContainerListOperation.ListAsync),
            [('s', "GET", "properties")] = new("GetAccountInformation", 's', "rwl", AccountOperations.GetInformationAsync),
            [('s', "GET", ServiceComp)] = new("GetBlobServiceProperties", 's', "r", ServicePropertiesOperations.GetAsync),
            [('s', "PUT", ServiceComp)] = new("SetBlobServiceProperties", 's', "w", new ServicePropertiesOperations(options).SetAsync),
            [('s', "HEAD", "properties")] = new("GetAccountInformation", 's', "rwl", AccountOperations.GetInformationAsync),

            [('c', "PUT", "")] = new("CreateContainer", 'c', "cw", ContainerOperations.CreateAsync),
            [('c', "DELETE", "")] = new("DeleteContainer", 'c', "d", ContainerOperations.DeleteAsync),
            [('c', "GET", "")] = new("GetContainerProperties", 'c', "r", ContainerOperations.GetPropertiesAsync),
            [('c', "HEAD", "")] = new("GetContainerProperties", 'c', "r", ContainerOperations.GetPropertiesAsync),
            [('c', "GET", "metadata")] = new("GetContainerMetadata", 'c', "r", ContainerOperations.GetPropertiesAsync),
            [('c', "HEAD", "metadata")] = new("GetContainerMetadata", 'c', "r", ContainerOperations.GetPropertiesAsync),
            [('c', "PUT", "metadata")] = new("SetContainerMetadata", 'c', "w", containers.SetMetadataAsync),
            [('c', "GET", "acl")] = new("GetContainerAcl", 'c', OwnerOnly, ContainerAccessOperations.GetAsync),
            [('c', "HEAD", "acl")] = new("GetContainerAcl", 'c', OwnerOnly, ContainerAccessOperations.GetAsync),
            [('c', "PUT", "acl")] = new("SetContainerAcl", 'c', OwnerOnly, access.SetAsync),
            [('c', "PUT", "lease")] = new("LeaseContainer", 'c', "w", LeaseOperations.LeaseContainerAsync),
            [('c', "GET", "list")] = new("ListBlobs", 'c', "l", BlobListOperation.ListAsync),

            [('o', "GET", "")] = new("GetBlob", 'o', "r", BlobReadOperations.GetAsync),
            [('o', "HEAD", "")] = new("GetBlobProperties", 'o', "r", BlobReadOperations.GetPropertiesAsync),
            [('o', "GET", "metadata")] = new("GetBlobMetadata", 'o', "r", BlobReadOperations.GetMetadataAsync),
            [('o', "HEAD", "metadata")] = new("GetBlobMetadata", 'o', "r", BlobReadOperations.GetMetadataAsync),
            [('o', "PUT", "metadata")] = new("SetBlobMetadata", 'o', "w", blobs.SetMetadataAsync),
            [('o', "PUT", "properties")] = new("SetBlobProperties", 'o', "w", blobs.SetPropertiesAsync),
            [('o', "PUT", "snapshot")] = new("SnapshotBlob", 'o', "cw", BlobOperations.SnapshotAsync),
            [('o', "DELETE", "")] = new("DeleteBlob", 'o', "d", BlobOperations.DeleteAsync),

            [('o', "PUT", "copy")] = new("AbortCopyBlob", 'o', "cw", CopyOperations.AbortAsync),
            [('o', "PUT", "lease")] = new("LeaseBlob", 'o', "w", LeaseOperations.LeaseBlobAsync),

            [('o', "PUT", "page")] = new("PutPage", 'o', "w", pageBlobs.PutPageAsync),
            [('o', "GET", "pagelist")] = new("GetPageRanges", 'o', "r", pageLists.GetAsync),

            [('o', "PUT", "appendblock")] = new("AppendBlock", 'o', "aw", appendBlobs.AppendBlockAsync),

            [('o', "PUT", "block")] = new("PutBlock", 'o', "cw", blockBlobs.PutBlockAsync),
            [('o', "PUT", "blocklist")] = new("PutBlockList", 'o', "cw", blockBlobs.PutBlockListAsync),
            [('o', "GET", "blocklist")] = new("GetBlockList", 'o', "r", BlockBlobOperations.GetBlockListAsync),
        };

        _puts = new(StringComparer.Ordinal)
        {
            [PageBlob.TypeName] = new("PutBlob", 'o', "cw", pageBlobs.CreateAsync),
            [BlockBlob.TypeName] = new("PutBlob", 'o', "cw", blockBlobs.PutBlobAsync),
            [AppendBlob.TypeName] = new("PutBlob", 'o', "cw", appendBlobs.CreateAsync),
        };
    }

    /// <summary>The names of all operations, each once.</summary>
    public IReadOnlyCollection<string> Names => [.. _table.Values.Concat(_puts.Values).Append(_copy).Append(_pageDiff).Select(operation => operation.Name).Distinct()];

    public BlobOperation Route(BlobRequest request)
    {
        var level = request.Address switch { { Container.Length: 0 } => 's', { Blob.Length: 0 } => 'c', _ => 'o' };
        var comp = request.Query("comp") ?? "";
        // Get Account Information doesn't care what container or blob its address names, nor whether there is one (recorded: test_get_account_information_with_blob_name).
        if (request.Query("restype") == "account")
            level = 's';
        if (level == 's' && comp == "properties" && request.Query("restype") == "service")
            comp = ServiceComp;
        if (level == 'o' && comp == "pagelist" && request.Method == HttpMethods.Get && PageListOperation.IsDifference(request))
            return _pageDiff;
        if (level == 'o' && comp.Length == 0 && request.Method == HttpMethods.Put)
            return RoutePut(request);
        if (_table.TryGetValue((level, request.Method, comp), out var operation))
            return operation;
        // What the protocol has and a stamp has not, or is not known to have: incremental copies, tiers and soft delete (azure-stack-acs-differences); batches; statistics of a secondary.
        throw comp is "incrementalcopy" or "tier" or "batch" or "undelete" or "stats"
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
        throw BlobErrors.InvalidHeaderValue("x-ms-blob-type", type);
    }
}
