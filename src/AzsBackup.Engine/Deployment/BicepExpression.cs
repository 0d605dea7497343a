using System.Text;

namespace AzsBackup.Engine.Deployment;

/// <summary>Writes values as Bicep.</summary>
/// <param name="group">The group that the file is deployed to; null for the subscription.</param>
internal sealed class BicepExpression(string? group)
{
    /// <summary>A value, with what is below it indented.</summary>
    public string Write(DeploymentValue value, int depth) => value switch
    {
        DeploymentValue.Map { Members.Count: 0 } => "{}",
        DeploymentValue.Map map => $"{{\n{string.Concat(map.Members.Select(member => $"{Indent(depth + 1)}{Key(member.Key)}: {Write(member.Value, depth + 1)}\n"))}{Indent(depth)}}}",
        DeploymentValue.List { Items.Count: 0 } => "[]",
        DeploymentValue.List list => $"[\n{string.Concat(list.Items.Select(item => $"{Indent(depth + 1)}{Write(item, depth + 1)}\n"))}{Indent(depth)}]",
        DeploymentValue.Scalar scalar => Number(scalar.Value.GetRawText()),
        DeploymentValue.Text text => Quote(text.Value),
        DeploymentValue.Parameter parameter => parameter.Definition.Name,
        DeploymentValue.Resource resource => ResourceId(resource),
        DeploymentValue.InSubscription inside => $"'${{subscription().id}}{Escape(inside.Tail)}'",
        DeploymentValue.BlobAddress address => $"'${{reference({ResourceId(address.Account)}, '{address.ApiVersion}').primaryEndpoints.blob}}{Escape(address.Path)}'",
        DeploymentValue.ScopeLocation => group is not null ? "resourceGroup().location" : "deployment().location",
        DeploymentValue.Directory => "subscription().tenantId",
        _ => throw new InvalidOperationException($"{value.GetType().Name} has no form in Bicep."),
    };

    /// <summary>Names joined by slashes, as the name of a resource.</summary>
    public string Name(IEnumerable<DeploymentValue> names)
    {
        var list = names.ToList();
        return list.Count == 1 ? Write(list[0], 0) : $"'{string.Join('/', list.Select(name => name is DeploymentValue.Text text ? Escape(text.Value) : $"${{{Write(name, 0)}}}"))}'";
    }

    /// <summary>A text in quotes.</summary>
    public static string Quote(string text) => $"'{Escape(text)}'";

    private static string Escape(string text)
    {
        var escaped = new StringBuilder(text.Length);
        foreach (var letter in text)
        {
            escaped.Append(letter switch
            {
                '\\' => "\\\\",
                '\'' => "\\'",
                '\n' => "\\n",
                '\r' => "\\r",
                '\t' => "\\t",
                '$' => "\\$",
                _ => letter.ToString(),
            });
        }

        return escaped.ToString();
    }

    // Bicep has whole numbers only; a fraction comes from its text.
    private static string Number(string json) => json.AsSpan().ContainsAny('.', 'e', 'E') && json is not ("true" or "false") ? $"json('{json}')" : json;

    private static string Key(string name) => ParameterNames.Identifier(name) == name ? name : Quote(name);

    private static string Indent(int depth) => new(' ', depth * 2);

    private string ResourceId(DeploymentValue.Resource resource)
    {
        var scope = group is null ? $"subscription().subscriptionId, {Quote(resource.Id.ResourceGroupName!)}, "
            : resource.Id.ResourceGroupName!.Equals(group, StringComparison.OrdinalIgnoreCase) ? "" : $"{Quote(resource.Id.ResourceGroupName)}, ";
        return $"resourceId({scope}{Quote(resource.Id.Type)}, {string.Join(", ", resource.Names.Select(name => Write(name, 0)))})";
    }
}
