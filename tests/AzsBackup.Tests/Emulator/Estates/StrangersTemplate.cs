using System.Text.Json.Nodes;
using AzsBackup.Emulator.Arm;
using AzsBackup.Tests.Emulator.Replay;

namespace AzsBackup.Tests.Emulator.Estates;

/// <summary>A template that somebody else wrote, with what the Bicep CLI makes of it.</summary>
/// <param name="Name">The collection and the template's name in it.</param>
/// <param name="Folder">Where <c>template.json</c>, <c>params.bicepparam</c> and <c>resolved.json</c> lie.</param>
internal sealed record StrangersTemplate(string Name, string Folder)
{
    private static readonly string[] Collections = ["azurestack-quickstart-templates", "azure-quickstart-templates"];

    public string Resolved => Path.Combine(Folder, "resolved.json");

    public string Parameters => Path.Combine(Folder, "params.bicepparam");

    /// <summary>All of them; skips the test where there are none.</summary>
    public static IReadOnlyList<StrangersTemplate> All() =>
    [
        .. Collections.SelectMany(collection => Directory.GetDirectories(Material.Folder(collection)).Order(StringComparer.Ordinal)
            .Select(folder => new StrangersTemplate($"{collection}/{Path.GetFileName(folder)}", folder))),
    ];

    /// <summary>The types of the resources it deploys.</summary>
    public IEnumerable<string> Types() => ReadResolved().Array("predictedResources")!
        .Select(resource => ArmId.Parse(resource.Text("id")!).Type).Distinct(StringComparer.OrdinalIgnoreCase);

    public JsonObject ReadTemplate() => (JsonObject)ArmJson.Parse(File.ReadAllText(Path.Combine(Folder, "template.json")).TrimStart('\uFEFF'))!;

    private JsonObject ReadResolved() => (JsonObject)ArmJson.Parse(File.ReadAllText(Resolved))!;
}
