using System.Globalization;
using System.Text.Json.Nodes;
using AzsBackup.Engine.Capture;

namespace AzsBackup.Engine.Deployment;

/// <summary>Writes what a deployment consists of and what is not in it: <c>deployment.json</c>. The same plan gives the same bytes.</summary>
public static class DeploymentManifest
{
    /// <summary>Its name in the deployment's folder.</summary>
    public const string FileName = "deployment.json";

    /// <summary>The name of a part's file.</summary>
    /// <param name="part">The part.</param>
    /// <param name="extension">With its dot.</param>
    public static string FileOf(DeploymentPart part, string extension) =>
        $"{part.Number.ToString("000", CultureInfo.InvariantCulture)}-{NameOf(part)}{extension}";

    /// <summary>The manifest as a file's content.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="extension">That of the parts' files.</param>
    public static byte[] Write(DeploymentPlan plan, string extension) => CanonicalJson.Write(new JsonObject
    {
        ["format"] = "azsbackup-deployment/1",
        ["parts"] = new JsonArray([.. plan.Parts.Select(part => Describe(part, extension))]),
        ["leftOut"] = new JsonArray([.. plan.Notes.Select(Describe)]),
    });

    private static JsonObject Describe(DeploymentPart part, string extension)
    {
        var json = new JsonObject { ["file"] = FileOf(part, extension), ["scope"] = part.ResourceGroupName is null ? "subscription" : "resourceGroup" };
        if (part.ResourceGroupName is { } group) json["resourceGroup"] = group;
        json["resources"] = part.Resources.Count;
        json["secretsNeeded"] = new JsonArray([.. part.Parameters.Where(parameter => parameter.IsSecret).Select(parameter => (JsonNode)parameter.Name)]);
        json["external"] = new JsonObject(part.Parameters.Where(parameter => parameter.Kind == DeploymentParameterKind.External)
            .Select(parameter => KeyValuePair.Create<string, JsonNode?>(parameter.Name, ((DeploymentValue.Text)parameter.Default!).Value)));
        return json;
    }

    private static JsonObject Describe(DeploymentNote note)
    {
        var json = new JsonObject { ["resource"] = note.ResourceId, ["kind"] = note.Kind.ToString() };
        if (note.Path is not null) json["path"] = note.Path;
        json["reason"] = note.Reason;
        return json;
    }

    // A group's name may hold parentheses and letters of any script; the number tells files apart.
    private static string NameOf(DeploymentPart part) => part.ResourceGroupName is { } group
        ? string.Concat(group.ToLowerInvariant().Select(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' ? letter : '_'))
        : "subscription";
}
