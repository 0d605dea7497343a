using System.Diagnostics;
using System.Text.Json.Nodes;

namespace AzsBackup.Emulator.Hosting;

/// <summary>
/// One request to a stack's ARM and its answer, as given to whoever subscribes to the <see cref="DiagnosticListener"/> of this
/// name, in the process that runs the stack. The answer has not been sent yet when subscribers are called. Faulted answers and those of
/// the token, blob and control endpoints are no ARM answers.
/// </summary>
/// <param name="Endpoint">The host and port the request came to.</param>
/// <param name="Method">The method, in upper case.</param>
/// <param name="Path">The path, decoded, without the query.</param>
/// <param name="ApiVersion">The <c>api-version</c> asked for; empty if none was.</param>
/// <param name="Status">The status answered.</param>
/// <param name="Headers">The headers the engine set; those every answer has are not among them.</param>
/// <param name="Body">The body answered, or <see langword="null"/>. Subscribers must not change it.</param>
public sealed record ArmExchange(
    Uri Endpoint, string Method, string Path, string ApiVersion, int Status, IReadOnlyDictionary<string, string> Headers, JsonNode? Body)
{
    /// <summary>The name of the listener, and of its only event.</summary>
    public const string ListenerName = "AzsBackup.Emulator.ArmExchange";

    private static readonly DiagnosticListener Listener = new(ListenerName);

    /// <summary>Tells subscribers, if there are any.</summary>
    internal static void Publish(Uri endpoint, HttpRequest request, Arm.ArmResponse response)
    {
        if (!Listener.IsEnabled())
            return;
        Listener.Write(ListenerName, new ArmExchange(
            endpoint, request.Method, request.Path.Value ?? "", request.Query["api-version"].ToString(), response.Status, response.Headers, response.Body));
    }
}
