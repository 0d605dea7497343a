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
        request.SetHeader("x-ms-error-code", refusal.Code);
        if (refusal.ResourceLength is { } length)
            request.SetHeader("Content-Range", string.Create(CultureInfo.InvariantCulture, $"bytes */{length}"));
        if (request.Method == HttpMethods.Head || refusal.Status == StatusCodes.Status304NotModified)
            return;
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
