using System.Text.Json.Nodes;
using AzsBackup.Emulator.Arm;
using AzsBackup.Emulator.Authorization;
using Microsoft.Extensions.Primitives;

namespace AzsBackup.Emulator.Deployments;

/// <summary>Requests that a deployment makes of the stack it runs on, through the same door as a client's.</summary>
/// <param name="serve">Answers one; the gate is held.</param>
/// <param name="access">Whose roles they need; <see langword="null"/> for the stack itself.</param>
internal sealed class InnerRequests(Func<ArmRequest, ArmResponse> serve, CallerAccess? access = null)
{
    private static readonly Uri Origin = new("https://management/");

    public Func<ArmRequest, ArmResponse> Serve { get; } = serve;

    public ArmResponse Send(string method, string path, string apiVersion, JsonObject? body) =>
        Send(method, new Uri(Origin, $"{path}?api-version={Uri.EscapeDataString(apiVersion)}").PathAndQuery, body);

    /// <param name="method">The HTTP method.</param>
    /// <param name="pathAndQuery">Below the endpoint.</param>
    /// <param name="body">What to send.</param>
    public ArmResponse Send(string method, string pathAndQuery, JsonObject? body)
    {
        string[] parts = pathAndQuery.Split('?', 2);
        Dictionary<string, StringValues> query = parts.Length == 1 ? [] : Microsoft.AspNetCore.WebUtilities.QueryHelpers.ParseQuery(parts[1]);
        return Serve(new ArmRequest(method, ArmPath.Parse(Uri.UnescapeDataString(parts[0])), new QueryCollection(query), Origin, body) { Access = access });
    }

    /// <exception cref="ArmException">It is not there.</exception>
    public JsonObject Get(string id, string apiVersion) => Body(Send("GET", id, apiVersion, null));

    /// <exception cref="ArmException">The action is refused.</exception>
    public JsonObject Act(string id, string action, string apiVersion, JsonObject? body) => Body(Send("POST", $"{id}/{action}", apiVersion, body ?? ArmJson.NewObject()));

    private static JsonObject Body(ArmResponse response)
    {
        if (response.Status is >= 200 and < 300 && response.Body is JsonObject body)
            return ArmJson.Copy(body);
        JsonObject? error = response.Body.Object("error");
        throw new ArmException(response.Status, error.Text("code") ?? "InternalServerError", error.Text("message") ?? $"The request was answered with status {response.Status}.");
    }
}
