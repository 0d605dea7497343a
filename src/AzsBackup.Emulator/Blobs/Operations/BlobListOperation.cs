using System.Globalization;
using System.Xml;
using AzsBackup.Emulator.Blobs.Http;
using AzsBackup.Emulator.Blobs.Store;

namespace AzsBackup.Emulator.Blobs.Operations;

/// <summary>List Blobs.</summary>
internal static class BlobListOperation
{
    public static Task ListAsync(BlobRequest request)
    {
        if (request.Query("restype") != "container")
            throw BlobErrors.InvalidQueryParameter("comp", "list", "A list is made of a container.");
        var parameters = new ListParameters(request);
        var page = new BlobListPage(request.Container(), parameters);
        return XmlAnswer.WriteAsync(request, xml =>
        {
            parameters.WriteHead(xml, request, request.Address.Container);
            xml.WriteStartElement("Blobs");
            foreach (var entry in page.Found)
                Write(xml, entry, parameters);
            xml.WriteEndElement();
            xml.WriteElementString("NextMarker", page.NextMarker);
            xml.WriteEndElement();
        });
    }

    private static void Write(XmlWriter xml, BlobListEntry entry, ListParameters parameters)
    {
        xml.WriteStartElement(entry.Properties is null ? "BlobPrefix" : "Blob");
        xml.WriteElementString("Name", entry.Name);
        if (entry.Snapshot is not null)
            xml.WriteElementString("Snapshot", entry.Snapshot);
        if (entry.Properties is { } properties)
        {
            WriteProperties(xml, entry, properties, parameters.Includes("copy"));
            if (parameters.Includes("metadata"))
                ListParameters.WriteMetadata(xml, properties.Metadata);
        }

        xml.WriteEndElement();
    }

    private static void WriteProperties(XmlWriter xml, BlobListEntry entry, BlobProperties properties, bool withCopy)
    {
        var isCommitted = properties.ETag.Value != 0;
        xml.WriteStartElement("Properties");
        if (isCommitted)
        {
            xml.WriteElementString("Creation-Time", properties.CreatedAt.ToString("R", CultureInfo.InvariantCulture));
            xml.WriteElementString("Last-Modified", properties.LastModified.ToString("R", CultureInfo.InvariantCulture));
            xml.WriteElementString("Etag", properties.ETag.ToString());
        }

        xml.WriteElementString("Content-Length", entry.Length.ToString(CultureInfo.InvariantCulture));
        xml.WriteElementString("Content-Type", properties.Headers.ContentType ?? "");
        xml.WriteElementString("Content-Encoding", properties.Headers.ContentEncoding ?? "");
        xml.WriteElementString("Content-Language", properties.Headers.ContentLanguage ?? "");
        if (properties.Headers.ContentMd5 is { } md5)
            xml.WriteElementString("Content-MD5", md5);
        xml.WriteElementString("Cache-Control", properties.Headers.CacheControl ?? "");
        xml.WriteElementString("Content-Disposition", properties.Headers.ContentDisposition ?? "");
        if (entry.Type == PageBlob.TypeName)
            xml.WriteElementString("x-ms-blob-sequence-number", properties.SequenceNumber.ToString(CultureInfo.InvariantCulture));
        xml.WriteElementString("BlobType", entry.Type);
        if (entry.Lease is { } lease)
            ListParameters.WriteLease(xml, lease);

        if (withCopy && properties.Copy is { } copy)
        {
            xml.WriteElementString("CopyId", copy.Id);
            xml.WriteElementString("CopySource", copy.Source);
            xml.WriteElementString("CopyStatus", "success");
            xml.WriteElementString("CopyProgress", string.Create(CultureInfo.InvariantCulture, $"{copy.Length}/{copy.Length}"));
            xml.WriteElementString("CopyCompletionTime", copy.CompletedAt.ToString("R", CultureInfo.InvariantCulture));
        }

        xml.WriteElementString("ServerEncrypted", "true");
        xml.WriteEndElement();
    }
}
