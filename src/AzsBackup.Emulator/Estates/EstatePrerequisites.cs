using System.Globalization;
using System.Text.Json.Nodes;
using AzsBackup.Emulator.Arm;
using AzsBackup.Emulator.Deployments.Expressions;
using AzsBackup.Emulator.Storage;

namespace AzsBackup.Emulator.Estates;

/// <summary>
/// Many templates are for a network, an interface, an availability set or a storage account that is there already, and name it
/// by parameters. An estate made of such a template alone has nothing there: what it takes for granted is made, as plain as can be.
/// </summary>
internal static class EstatePrerequisites
{
    private const string NetworkType = "Microsoft.Network/virtualNetworks";
    private const string InterfaceType = "Microsoft.Network/networkInterfaces";
    private const string AccountType = "Microsoft.Storage/storageAccounts";
    private const string SetType = "Microsoft.Compute/availabilitySets";

    /// <summary>The virtual networks and availability sets that the resources lack. One called by a placeholder instead of an id gets an id.</summary>
    /// <param name="resources">Their bodies' placeholders are replaced.</param>
    /// <param name="subscriptionScope">The id of the stack's subscription.</param>
    public static IReadOnlyList<EstateResource> For(IReadOnlyList<EstateResource> resources, string subscriptionScope)
    {
        HashSet<string> known = new(resources.SelectMany(Known), StringComparer.OrdinalIgnoreCase);
        string group = $"{subscriptionScope}/resourceGroups/{EstateResource.TemplateGroup}";
        List<JsonObject> bodies = [.. resources.Where(resource => resource.MayHoldExpressions).Select(resource => resource.Body)];
        IEnumerable<ArmId> subnets = Missing(bodies, "subnet", known, name => ArmId.Create(group, "Microsoft.Network", ["virtualNetworks", "subnets"], ["prerequisites", name]));
        List<ArmId> interfaces = Missing(bodies, "networkInterfaces", known, name => ArmId.Create(group, "Microsoft.Network", ["networkInterfaces"], [name]));
        ArmId shared = ArmId.Create(group, "Microsoft.Network", ["virtualNetworks", "subnets"], ["prerequisites", "interfaces"]);
        IEnumerable<ArmId> sets = Missing(bodies, "availabilitySet", known, name => ArmId.Create(group, "Microsoft.Compute", ["availabilitySets"], [name]));
        return
        [
            .. subnets.Concat(interfaces.Count > 0 ? [shared] : []).Where(id => id.Parent is { } network && network.Is(NetworkType) && !known.Contains(network.Text))
                .GroupBy(id => id.Parent!)
                .Select(network => new EstateResource(network.Key.Text, Network([.. network.Select(id => id.Name)]), false)),
            .. interfaces.Where(id => id.Is(InterfaceType)).Select(id => new EstateResource(id.Text, Interface(shared), false)),
            .. Accounts(bodies, known).Select(id => new EstateResource(id.Text, Account(), false)),
            .. sets.Where(id => id.Is(SetType)).Select(id => new EstateResource(id.Text, AvailabilitySet(), false)),
        ];
    }

    /// <summary>What references under a property name lead to and is not there.</summary>
    private static List<ArmId> Missing(IEnumerable<JsonObject> bodies, string property, HashSet<string> known, Func<string, ArmId> make)
    {
        HashSet<ArmId> missing = [];
        foreach (JsonObject reference in bodies.SelectMany(body => References(body, "", property)).ToList())
        {
            string named = reference.Text("id")!;
            if (named.StartsWith('['))
                continue;
            if (!ArmId.TryParse(named, out ArmId? id))
                reference["id"] = (id = make(named)).Text;
            if (!known.Contains(id.Text))
                missing.Add(id);
        }

        return [.. missing.OrderBy(id => id.Text, StringComparer.OrdinalIgnoreCase)];
    }

    /// <summary>Storage accounts are named in expressions only: by <c>reference()</c>, for their endpoints.</summary>
    private static IEnumerable<ArmId> Accounts(IEnumerable<JsonObject> bodies, HashSet<string> known) => bodies
        .SelectMany(ArmJson.Texts)
        .SelectMany(text => ExpressionParser.TryParse(text.Value)?.All() ?? [])
        .OfType<TemplateExpression.Literal>()
        .Select(literal => ArmId.TryParse(literal.Text, out ArmId? id) && id.Is(AccountType) && StorageAccountName.IsValid(id.Name) && !known.Contains(id.Text) ? id : null)
        .OfType<ArmId>()
        .Distinct();

    private static IEnumerable<string> Known(EstateResource resource) =>
        (resource.Body.Array("properties", "subnets") ?? []).Select(subnet => $"{resource.Id}/subnets/{subnet.Text("name")}").Prepend(resource.Id);

    private static IEnumerable<JsonObject> References(JsonNode? node, string property, string wanted) => node switch
    {
        JsonObject reference when ArmPath.Equal(property, wanted) && reference.Text("id") is not null => [reference],
        JsonObject map => map.SelectMany(pair => References(pair.Value, pair.Key, wanted)),
        JsonArray list => list.SelectMany(item => References(item, property, wanted)),
        _ => [],
    };

    private static JsonObject Account()
    {
        JsonObject body = ArmJson.NewObject();
        body["sku"] = new JsonObject { ["name"] = "Standard_LRS" };
        body["kind"] = "Storage";
        return body;
    }

    private static JsonObject Interface(ArmId subnet)
    {
        JsonObject body = ArmJson.NewObject();
        body["properties"] = ArmJson.Copy(new JsonObject
        {
            ["ipConfigurations"] = new JsonArray(new JsonObject
            {
                ["name"] = "ipconfig1",
                ["properties"] = new JsonObject { ["subnet"] = new JsonObject { ["id"] = subnet.Text } },
            }),
        });
        return body;
    }

    private static JsonObject AvailabilitySet()
    {
        JsonObject body = ArmJson.NewObject();
        body["sku"] = new JsonObject { ["name"] = "Aligned" };
        body["properties"] = new JsonObject { ["platformFaultDomainCount"] = 1, ["platformUpdateDomainCount"] = 1 };
        return body;
    }

    private static JsonObject Network(IReadOnlyList<string> subnets)
    {
        JsonObject properties = ArmJson.NewObject();
        properties["addressSpace"] = new JsonObject { ["addressPrefixes"] = new JsonArray("10.0.0.0/8") };
        properties["subnets"] = new JsonArray([.. subnets.Select((name, i) => new JsonObject
        {
            ["name"] = name,
            ["properties"] = new JsonObject { ["addressPrefix"] = string.Create(CultureInfo.InvariantCulture, $"10.{i}.0.0/16") },
        })]);
        JsonObject body = ArmJson.NewObject();
        body["properties"] = properties;
        return body;
    }
}
