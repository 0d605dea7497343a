using System.Globalization;
using System.Xml;
using AzsBackup.Emulator.Blobs.Http;
using AzsBackup.Emulator.Blobs.Store;

namespace AzsBackup.Emulator.Blobs.Operations;

/// <summary>Get Page Ranges: what is allocated, or, with prevsnapshot, what was written or cleared since that snapshot.</summary>
internal static class PageListOperation
{
    public static Task GetAsync(BlobRequest request)
    {
        var conditions = new Conditions(request);
        var asked = ByteRange.From(request);
        var since = request.Query("prevsnapshot");
        // The range of a disk against another export needs that export's address; no room for it here yet.
        if (request.Header("x-ms-previous-snapshot-url") is not null)
            throw BlobErrors.NotImplemented();
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
            if (since is null)
            {
                var ranges = blob.Volume.GetRanges(offset, length);
                return xml => WriteList(xml, ranges.Select(r => ("PageRange", r.Offset, r.End)));
            }

            var differences = blob.Volume.GetDifference(Earlier(slot, blob, since).Volume, offset, length);
            return xml => WriteList(xml, differences.Select(d => (d.IsCleared ? "ClearRange" : "PageRange", d.Offset, d.End)));
        });
        return XmlAnswer.WriteAsync(request, write);
    }

    private static PageBlob Earlier(BlobSlot slot, PageBlob blob, string since)
    {
        if (blob.Snapshot is { } own && string.CompareOrdinal(since, own) > 0)
            throw BlobErrors.PreviousSnapshotCannotBeNewer();
        var earlier = slot.Snapshots.FirstOrDefault(s => s.Snapshot == since) as PageBlob ?? throw BlobErrors.PreviousSnapshotNotFound();
        return blob.Volume.IsLaterThan(earlier.Volume) ? earlier : throw BlobErrors.BlobOverwritten();
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
