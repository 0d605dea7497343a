using System.Text.Json.Nodes;
using AzsBackup.Emulator.Arm;

namespace AzsBackup.Emulator.Deployments.Planning;

/// <summary>What a <c>dependsOn</c> or a reference may call the resources of a template: by id, by type and name, by name, by copy loop or symbol.</summary>
internal sealed class ResourceNames
{
    private readonly Dictionary<string, List<string>> _ids = new(StringComparer.OrdinalIgnoreCase);

    public void Add(string id, string type, string name, JsonObject? plan)
    {
        Add(id, id);
        Add(name, id);
        Add(type + "/" + name, id);
        if (id.LastIndexOf("/providers/", StringComparison.OrdinalIgnoreCase) is var at and >= 0)
            Add(id[(at + "/providers/".Length)..], id);
        if (name.Contains('/', StringComparison.Ordinal))
            Add(name[(name.LastIndexOf('/') + 1)..], id);
        foreach (string key in (string[])["copy", "symbol"])
            if (plan.Text(key) is { } alias)
                Add(alias, id);
    }

    /// <summary>The ids a name means; empty if it means none.</summary>
    public IReadOnlyList<string> Find(string name) => _ids.GetValueOrDefault(name.TrimEnd('/')) ?? [];

    private void Add(string name, string id)
    {
        if (!_ids.TryGetValue(name, out List<string>? ids))
            _ids[name] = ids = [];
        if (!ids.Contains(id, StringComparer.OrdinalIgnoreCase))
            ids.Add(id);
    }
}
