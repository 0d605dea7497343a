using System.Globalization;
using System.Xml;

namespace AzsBackup.Emulator.Blobs.Http;

/// <summary>The error body and the headers that go with it.</summary>
internal static class ErrorAnswer
{
    public static async Task WriteAsync(BlobRequest request, BlobException refusal, DateTimeOffset now)
    {
        var response = request.Context.Response;
        response.StatusCode = refusal.Status;
        // Recordings have the header at 2018-11-09 and not at 2014-02-14; where between it came is taken to be here. A request whose version was refused has none, and is told.
        if (!refusal.IsEarly && (request.Version.Length == 0 || string.CompareOrdinal(request.Version, "2017-07-29") >= 0))
            request.SetHeader("x-ms-error-code", refusal.Code);
        if (refusal.ResourceLength is { } length)
            request.SetHeader("Content-Range", string.Create(CultureInfo.InvariantCulture, $"bytes */{length}"));
        if (request.Method == HttpMethods.Head)
            return;
        if (refusal.Status == StatusCodes.Status304NotModified)
        {
            // The type of a body that 304 can't have (recorded: test_get_page_ranges_iter_with_if_none_match_fail).
            if (request.Method == HttpMethods.Get)
                response.ContentType = "application/xml";
            return;
        }

        await XmlAnswer.WriteAsync(request, xml => Write(xml, refusal, response.Headers["x-ms-request-id"].ToString(), now));
    }

    private static void Write(XmlWriter xml, BlobException refusal, string requestId, DateTimeOffset now)
    {
        xml.WriteStartElement("Error");
        xml.WriteElementString("Code", refusal.Code);
        xml.WriteElementString("Message", string.Create(CultureInfo.InvariantCulture, $"{refusal.Message}\nRequestId:{requestId}\nTime:{now.UtcDateTime:O}"));
        foreach (var (name, value) in refusal.Details)
            xml.WriteElementString(name, value);
        xml.WriteEndElement();
    }
}
