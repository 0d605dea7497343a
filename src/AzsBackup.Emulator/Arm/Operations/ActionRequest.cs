using System.Text.Json.Nodes;
using Microsoft.AspNetCore.WebUtilities;

namespace AzsBackup.Emulator.Arm.Operations;

/// <summary>A POST on a resource, in a fact.</summary>
internal sealed record ActionRequest(string Path, string Query, Uri BaseUri, JsonObject? Body)
{
    public static ActionRequest Of(ArmRequest request) =>
        new(request.Path.Text, QueryString.Create(request.Query).Value ?? "", request.BaseUri, (JsonObject?)request.Body?.DeepClone());

    public ArmRequest ToRequest() => new("POST", ArmPath.Parse(Path), new QueryCollection(QueryHelpers.ParseQuery(Query)), BaseUri, Body);
}
