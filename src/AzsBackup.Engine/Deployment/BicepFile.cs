using System.Globalization;
using System.Text;
using AzsBackup.Engine.Configuration;
using AzsBackup.Engine.Stacks;

namespace AzsBackup.Engine.Deployment;

/// <summary>Writes a part as one Bicep file without modules. The same part gives the same bytes.</summary>
public static class BicepFile
{
    /// <summary>The file's content.</summary>
    public static byte[] Write(DeploymentPart part)
    {
        var expression = new BicepExpression(part.ResourceGroupName);
        var symbols = new Symbols(part);
        var file = new StringBuilder();
        if (part.ResourceGroupName is null) file.Append("targetScope = 'subscription'\n\n");
        foreach (var parameter in part.Parameters) WriteParameter(file, parameter, expression);
        var owners = part.Resources.Where(resource => resource.OwnerNames.Count > 0 && !symbols.IsOwn(resource.Id.Parent!)).DistinctBy(resource => resource.Id.Parent!);
        foreach (var resource in owners)
        {
            var owner = resource.Id.Parent!;
            file.Append(CultureInfo.InvariantCulture, $"resource {symbols.Of(owner)} '{owner.Type}@{ResourceTypeTable.Default.Find(owner.Type)?.ApiVersion ?? resource.ApiVersion}' existing = {{\n  name: {expression.Name(resource.OwnerNames)}\n}}\n\n");
        }

        foreach (var resource in part.Resources) WriteResource(file, resource, symbols, expression);
        return Encoding.UTF8.GetBytes(file.ToString().TrimEnd('\n') + "\n");
    }

    private static void WriteParameter(StringBuilder file, DeploymentParameter parameter, BicepExpression expression)
    {
        file.Append(CultureInfo.InvariantCulture, $"@description({BicepExpression.Quote(parameter.Description)})\n");
        if (parameter.IsSecret) file.Append("@secure()\n");
        file.Append(CultureInfo.InvariantCulture, $"param {parameter.Name} {(parameter.Kind == DeploymentParameterKind.SecretObject ? "object" : "string")}");
        if (parameter.Default is { } value) file.Append(CultureInfo.InvariantCulture, $" = {expression.Write(value, 0)}");
        file.Append("\n\n");
    }

    private static void WriteResource(StringBuilder file, DeploymentResource resource, Symbols symbols, BicepExpression expression)
    {
        file.Append(CultureInfo.InvariantCulture, $"resource {symbols.Of(resource.Id)} '{resource.Id.Type}@{resource.ApiVersion}' = {{\n  name: {expression.Name(resource.Names)}\n");
        if (resource.OwnerNames.Count > 0) file.Append(CultureInfo.InvariantCulture, $"  scope: {symbols.Of(resource.Id.Parent!)}\n");
        foreach (var (name, value) in resource.Body.Members) file.Append(CultureInfo.InvariantCulture, $"  {name}: {expression.Write(value, 1)}\n");
        var needs = resource.DependsOn.Where(symbols.IsOwn).ToList();
        if (needs.Count > 0) file.Append(CultureInfo.InvariantCulture, $"  dependsOn: [\n{string.Concat(needs.Select(need => $"    {symbols.Of(need)}\n"))}  ]\n");
        file.Append("}\n\n");
    }

    private sealed class Symbols(DeploymentPart part)
    {
        private readonly HashSet<ResourceId> _own = [.. part.Resources.Select(resource => resource.Id)];
        private readonly Dictionary<ResourceId, string> _names = [];
        private readonly HashSet<string> _used = new(part.Parameters.Select(parameter => parameter.Name), StringComparer.OrdinalIgnoreCase);

        public bool IsOwn(ResourceId id) => _own.Contains(id);

        public string Of(ResourceId id)
        {
            if (_names.TryGetValue(id, out var name)) return name;
            var wish = ParameterNames.Identifier($"{KnownResources.LastOf(id.Type)}_{id.FullName}");
            name = wish;
            for (var number = 2; !_used.Add(name); number++) name = $"{wish}_{number}";
            return _names[id] = name;
        }
    }
}
