using System.Text.Encodings.Web;
using System.Text.Json;

namespace AzsBackup.Emulator.Deployments;

/// <summary>JSON within a message, laid out as ARM lays it out.</summary>
internal static class IndentedJson
{
    public static JsonSerializerOptions Options { get; } = new() { WriteIndented = true, NewLine = "\r\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}
