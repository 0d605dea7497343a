using System.Globalization;
using System.Xml;
using AzsBackup.Emulator.Blobs.Http;
using AzsBackup.Emulator.Blobs.Store;
using AzsBackup.Emulator.Faults;
using AzsBackup.Emulator.Pages;

namespace AzsBackup.Emulator.Blobs.Operations;

/// <summary>Get Page Ranges: what is allocated, or what was written or cleared since a snapshot: one of the blob's own (prevsnapshot), or that of a disk in another export (x-ms-previous-snapshot-url).</summary>
internal sealed class PageListOperation(CopySource sources)
{
    private const string EarlierExport = "x-ms-previous-snapshot-url";

    public static bool IsDifference(BlobRequest request) => request.Query("prevsnapshot") is not null || request.Header(EarlierExport) is not null;

    public Task GetAsync(BlobRequest request)
    {
        var conditions = new Conditions(request);
        var asked = ByteRange.From(request);
        var since = request.Query("prevsnapshot");
        var export = request.Header(EarlierExport) is null ? null : Exported(request);
        var write = request.Container().Read<Action<XmlWriter>>(request.Address.Blob, slot =>
        {
            var blob = slot.Find(request.Snapshot) as PageBlob ?? throw BlobErrors.InvalidBlobType();
            conditions.CheckRead(blob.Properties);
            if (request.Snapshot is null)
                slot.Lease.CheckRead(request.LeaseId());
            var total = blob.Length;
            var (offset, length) = asked?.Within(total) ?? (0, total);
            request.SetVersionHeaders(blob.Properties);
            request.SetHeader("x-ms-blob-content-length", total.ToString(CultureInfo.InvariantCulture));
            if (since is null && export is null)
            {
                var ranges = blob.Volume.GetRanges(offset, length);
                return xml => WriteList(xml, ranges.Select(r => ("PageRange", r.Offset, r.End)));
            }

            var earlier = export ?? Earlier(slot, blob, since!).Volume;
            if (!blob.Volume.IsLaterThan(earlier))
                throw BlobErrors.BlobOverwritten();
            var differences = blob.Volume.GetDifference(earlier, offset, length);
            if (request.Context.Features.Get<DiffOmission>() is { } lie)
                differences = lie.Told(differences);
            return xml => WriteList(xml, differences.Select(d => (d.IsCleared ? "ClearRange" : "PageRange", d.Offset, d.End)));
        });
        return XmlAnswer.WriteAsync(request, write);
    }

    private static PageBlob Earlier(BlobSlot slot, PageBlob blob, string since)
    {
        if (blob.Snapshot is { } own && string.CompareOrdinal(since, own) > 0)
            throw BlobErrors.PreviousSnapshotCannotBeNewer();
        var earlier = slot.Snapshots.FirstOrDefault(s => s.Snapshot == since) as PageBlob ?? throw BlobErrors.PreviousSnapshotNotFound();
        return earlier;
    }

    /// <summary>The volume of the export that the header names. Disks have their snapshots as resources of their own, so only exports know this form (from 2019-07-07 on).</summary>
    private PageVolume Exported(BlobRequest request)
    {
        if (string.CompareOrdinal(request.Version, "2019-07-07") < 0)
            throw BlobErrors.UnsupportedHeader(EarlierExport);
        if (!request.Address.IsExport)
            throw BlobErrors.InvalidHeaderValue(EarlierExport, request.Header(EarlierExport)!.Split('?')[0]);
        return sources.ReadFrom(request, EarlierExport, (source, address) =>
            address.IsExport && source is PageBlob page ? page.Volume : throw BlobErrors.InvalidHeaderValue(EarlierExport, request.Header(EarlierExport)!.Split('?')[0]));
    }

    // Page and clear ranges come in one row, by offset (recorded: test_get_page_ranges_diff).
    private static void WriteList(XmlWriter xml, IEnumerable<(string Element, long Start, long End)> ranges)
    {
        xml.WriteStartElement("PageList");
        foreach (var (element, start, end) in ranges)
        {
            xml.WriteStartElement(element);
            xml.WriteElementString("Start", start.ToString(CultureInfo.InvariantCulture));
            xml.WriteElementString("End", (end - 1).ToString(CultureInfo.InvariantCulture));
            xml.WriteEndElement();
        }

        xml.WriteEndElement();
    }
}
