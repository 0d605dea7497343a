using System.Globalization;
using System.Xml;
using System.Xml.Linq;
using AzsBackup.Emulator.Blobs.Http;
using AzsBackup.Emulator.Blobs.Store;

namespace AzsBackup.Emulator.Blobs.Operations;

/// <summary>Put Blob for block blobs, Put Block, Put Block List and Get Block List.</summary>
internal sealed class BlockBlobOperations(ContentStore contents, SourceContent sources, BlobServiceOptions options, ServiceClock clock)
{
    private const int MaxListLength = 8 * 1024 * 1024;

    public async Task PutBlobAsync(BlobRequest request)
    {
        var conditions = new Conditions(request);
        var container = request.Container();
        var length = request.ContentLength(options.MaxPutBlobLength);
        string? hash = null;
        var content = await contents.CreateAsync(async file => hash = await request.CopyBodyAsync(file, length, computeMd5: true));
        var headers = ContentHeaders.From(request, withPlainHeaders: true);
        Put(request, container, conditions, content, slot =>
            new BlockBlob(Properties(request, headers with { ContentMd5 = headers.ContentMd5 ?? hash }), [new BlobBlock(null, content)]));
        request.SetHeader("Content-MD5", hash);
    }

    public async Task PutBlockAsync(BlobRequest request)
    {
        var id = request.Query("blockid") ?? throw BlobErrors.MissingQueryParameter("blockid");
        Span<byte> decoded = stackalloc byte[64];
        if (id.Length == 0 || !Convert.TryFromBase64String(id, decoded, out _))
            throw BlobErrors.InvalidBlockId();
        var container = request.Container();
        var (content, hash) = SourceContent.IsAskedFor(request) ? await sources.CopyAsync(request, contents, options.MaxBlockLength) : await ReceiveAsync(request);
        try
        {
            container.Change(request.Address.Blob, slot =>
            {
                if (slot.Base is not (null or BlockBlob))
                    throw BlobErrors.InvalidBlobType();
                slot.Lease.CheckWrite(request.LeaseId());
                if (slot.Base is not null && !request.Access.MayOverwrite)
                    throw BlobErrors.UnauthorizedBlobOverwrite();
                // Ids of one blob are of one length: the service tells blocks apart by them.
                if (slot.Uncommitted.Count > 0 && slot.Uncommitted.GetAt(0).Key.Length != id.Length)
                    throw BlobErrors.InvalidBlobOrBlock();
                if (slot.Uncommitted.Remove(id, out var replaced))
                    replaced.Release();
                slot.Uncommitted.Add(id, content);
                return true;
            });
        }
        catch
        {
            content.Release();
            throw;
        }

        request.SetHeader("Content-MD5", hash);
        request.SetHeader("x-ms-request-server-encrypted", "true");
        request.Answer(StatusCodes.Status201Created);
    }

    private async Task<(ContentFile Content, string? Hash)> ReceiveAsync(BlobRequest request)
    {
        var length = request.ContentLength(options.MaxBlockLength);
        if (length == 0)
            throw BlobErrors.InvalidHeaderValue("Content-Length", "0");
        string? hash = null;
        var content = await contents.CreateAsync(async file => hash = await request.CopyBodyAsync(file, length, computeMd5: string.CompareOrdinal(request.Version, "2019-02-02") < 0));
        return (content, hash);
    }

    public async Task PutBlockListAsync(BlobRequest request)
    {
        var conditions = new Conditions(request);
        var container = request.Container();
        using var body = new MemoryStream();
        var hash = await request.CopyBodyAsync(body, request.ContentLength(MaxListLength), computeMd5: true);
        body.Position = 0;
        var wanted = ReadList(body);
        Put(request, container, conditions, null, slot => new BlockBlob(Properties(request, ContentHeaders.From(request)), Pick(slot, wanted)));
        request.SetHeader("Content-MD5", hash);
    }

    public static Task GetBlockListAsync(BlobRequest request)
    {
        var type = request.Query("blocklisttype")?.ToLowerInvariant() ?? "committed";
        if (type is not ("committed" or "uncommitted" or "all"))
            throw BlobErrors.InvalidQueryParameter("blocklisttype", type, "Not committed, uncommitted or all.");
        var (committed, uncommitted) = request.Container().Read(request.Address.Blob, slot =>
        {
            if (request.Snapshot is null)
                slot.Lease.CheckRead(request.LeaseId());
            if (request.Snapshot is null && slot.Base is null)
                return ([], Uncommitted(slot));
            var blob = slot.Find(request.Snapshot) as BlockBlob ?? throw BlobErrors.InvalidBlobType();
            request.SetVersionHeaders(blob.Properties);
            request.SetHeader("x-ms-blob-content-length", blob.Length.ToString(CultureInfo.InvariantCulture));
            return (blob.Blocks.Where(b => b.Id is not null).ToList(), request.Snapshot is null ? Uncommitted(slot) : []);
        });
        return XmlAnswer.WriteAsync(request, xml =>
        {
            xml.WriteStartElement("BlockList");
            if (type != "uncommitted")
                WriteBlocks(xml, "CommittedBlocks", committed);
            if (type != "committed")
                WriteBlocks(xml, "UncommittedBlocks", uncommitted);
            xml.WriteEndElement();
        });
    }

    private static List<BlobBlock> Uncommitted(BlobSlot slot) => [.. slot.Uncommitted.Select(b => new BlobBlock(b.Key, b.Value))];

    private static void WriteBlocks(XmlWriter xml, string element, List<BlobBlock> blocks)
    {
        xml.WriteStartElement(element);
        foreach (var block in blocks)
        {
            xml.WriteStartElement("Block");
            xml.WriteElementString("Name", block.Id);
            xml.WriteElementString("Size", block.Content.Length.ToString(CultureInfo.InvariantCulture));
            xml.WriteEndElement();
        }

        xml.WriteEndElement();
    }

    private static List<(string Source, string Id)> ReadList(Stream body)
    {
        try
        {
            var root = XDocument.Load(body).Root;
            return root?.Name == "BlockList" ? [.. root.Elements().Select(e => (e.Name.LocalName, e.Value))] : throw BlobErrors.InvalidXml();
        }
        catch (XmlException)
        {
            throw BlobErrors.InvalidXml();
        }
    }

    /// <summary>The blocks named, each with one user more: the blob they are picked for.</summary>
    private static List<BlobBlock> Pick(BlobSlot slot, List<(string Source, string Id)> wanted)
    {
        var committed = new Dictionary<string, ContentFile>(StringComparer.Ordinal);
        foreach (var block in (slot.Base as BlockBlob)?.Blocks ?? [])
        {
            if (block.Id is not null)
                committed[block.Id] = block.Content;
        }

        var picked = wanted.ConvertAll(w => new BlobBlock(w.Id, w.Source switch
        {
            "Committed" => committed.GetValueOrDefault(w.Id),
            "Uncommitted" => slot.Uncommitted.GetValueOrDefault(w.Id),
            "Latest" => slot.Uncommitted.GetValueOrDefault(w.Id) ?? committed.GetValueOrDefault(w.Id),
            _ => throw BlobErrors.InvalidXml(),
        } ?? throw BlobErrors.InvalidBlockList()));
        foreach (var block in picked)
            block.Content.AddUser();
        return picked;
    }

    private BlobProperties Properties(BlobRequest request, BlobHeaders headers) =>
        BlobProperties.Fresh(clock) with { Headers = headers, Metadata = request.Metadata };

    private static void Put(BlobRequest request, BlobContainer container, Conditions conditions, ContentFile? content, Func<BlobSlot, BlockBlob> make)
    {
        try
        {
            container.Change(request.Address.Blob, slot =>
            {
                conditions.CheckPut(slot.Base?.Properties);
                slot.Lease.CheckWrite(request.LeaseId());
                if (slot.Base is not null && !request.Access.MayOverwrite)
                    throw BlobErrors.UnauthorizedBlobOverwrite();
                var blob = make(slot);
                request.SetVersionHeaders(blob.Properties);
                slot.Replace(blob);
                return true;
            });
        }
        catch
        {
            content?.Release();
            throw;
        }

        request.SetHeader("x-ms-request-server-encrypted", "true");
        request.Answer(StatusCodes.Status201Created);
    }
}
