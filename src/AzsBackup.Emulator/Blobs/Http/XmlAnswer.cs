using System.Text;
using System.Xml;

namespace AzsBackup.Emulator.Blobs.Http;

/// <summary>A body of XML as the service writes it: UTF-8 with a byte order mark, on one line.</summary>
internal static class XmlAnswer
{
    private static readonly XmlWriterSettings Settings = new()
    {
        Encoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: true),
        CheckCharacters = false,
        NewLineHandling = NewLineHandling.None,
    };

    public static async Task WriteAsync(BlobRequest request, Action<XmlWriter> write)
    {
        using var body = new MemoryStream();
        using (var xml = XmlWriter.Create(body, Settings))
            write(xml);
        var response = request.Context.Response;
        response.ContentType = "application/xml";
        response.ContentLength = body.Length;
        await response.Body.WriteAsync(body.GetBuffer().AsMemory(0, (int)body.Length), request.Context.RequestAborted);
    }
}
