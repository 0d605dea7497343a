using System.Text.Json;
using System.Text.Json.Nodes;
using AzsBackup.Engine.Capture;
using AzsBackup.Engine.Configuration;
using AzsBackup.Engine.Stacks;

namespace AzsBackup.Engine.Deployment;

/// <summary>
/// Makes what a PUT takes of what a GET showed: only properties that the type table calls writable; ids, addresses, principals
/// and secrets as expressions. What the table does not know is noted, what a service only shows is left out without a word.
/// </summary>
internal sealed class BodyForm(CapturedBody resource, KnownResources known, ParameterNames parameters, DeploymentHome home, List<DeploymentNote> notes)
{
    private const string Machine = "Microsoft.Compute/virtualMachine";
    private static readonly HashSet<string> Identity = new(["id", "name", "type", "resourceGuid"], StringComparer.OrdinalIgnoreCase);

    private readonly SortedDictionary<string, ResourceId> _needs = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Resources of the deployment that the body refers to, by id.</summary>
    public IReadOnlyCollection<ResourceId> Needs => _needs.Values;

    /// <summary>Makes the body.</summary>
    public DeploymentValue.Map Make() => MakeMap(resource.Json, FormPlace.Top(TypeForm.For(resource.Type)));

    /// <summary>Takes note that something must be there first.</summary>
    public void Need(ResourceId? id)
    {
        if (id is not null && !id.Equals(resource.Id)) _needs[id.ToString()] = id;
    }

    private DeploymentValue.Map MakeMap(JsonObject json, FormPlace place)
    {
        var isDynamic = json.ContainsKey("privateIPAddress") && !"Static".Equals(CapturedBody.TextAt(json, "privateIPAllocationMethod"), StringComparison.OrdinalIgnoreCase);
        var members = new List<KeyValuePair<string, DeploymentValue>>();
        foreach (var (name, value) in json.OrderBy(property => property.Key, StringComparer.Ordinal))
        {
            var below = place.Property(name);
            if (value is null || (isDynamic && name.Equals("privateIPAddress", StringComparison.OrdinalIgnoreCase))) continue;
            if (IsWritable(below))
            {
                if (MakeValue(value, below) is { } made) members.Add(KeyValuePair.Create(name, made));
            }
            else
            {
                NoteUnknown(name, value, below, place);
            }
        }

        return new DeploymentValue.Map(members);
    }

    private void NoteUnknown(string name, JsonNode? value, FormPlace place, FormPlace parent)
    {
        if (value is null or JsonArray { Count: 0 } or JsonObject { Count: 0 } || IsKnown(name, place, parent)) return;
        if (place.Shown is not null && value is JsonObject map)
        {
            foreach (var (below, shown) in map) NoteUnknown(below, shown, place.Property(below), place);
            return;
        }

        notes.Add(new DeploymentNote(resource.Id.ToString(), place.Path, DeploymentNoteKind.PropertyLeftOut, $"{resource.Type.Type} of {resource.Type.ApiVersion} is not known to take it."));
    }

    private static bool IsWritable(FormPlace place) => place.Writable is not null;

    private static bool IsKnown(string name, FormPlace place, FormPlace parent) =>
        place.IsShown || parent.IsReferenceHolder || Identity.Contains(name) || ResourceTypeTable.Default.Volatile.Contains(name);

    private DeploymentValue? MakeValue(JsonNode value, FormPlace place) => value switch
    {
        JsonObject map => MakeObject(map, place),
        JsonArray list => new DeploymentValue.List([.. list.OfType<JsonNode>().Select(item => MakeValue(item, place.Item())).OfType<DeploymentValue>()]),
        _ => MakeScalar((JsonValue)value, place),
    };

    // An object of which nothing may be said is not said.
    private DeploymentValue.Map? MakeObject(JsonObject json, FormPlace place) =>
        MakeMap(json, place) is var map && (map.Members.Count > 0 || json.Count == 0 || place.Path == "properties") ? map : null;

    private DeploymentValue? MakeScalar(JsonValue value, FormPlace place)
    {
        if (value.GetValueKind() != JsonValueKind.String) return new DeploymentValue.Scalar(JsonSerializer.SerializeToElement(value));
        var text = value.GetValue<string>();
        if (text.Contains(SecretRedaction.Mark, StringComparison.Ordinal)) return Secret(place);
        if (text.Length == 0) return new DeploymentValue.Text(text);
        if (place.IsReference) return Reference(text, place);
        if (place.AccountReferences is { EndsHere: true }) return Address(text, place);
        if (place.Tenants is { EndsHere: true }) return home.Tenant(text);
        if (place.Principals is { EndsHere: true }) return Principal(StampMap.Map(home.Map.Principals, text));
        if (place.Names is { EndsHere: true })
        {
            return parameters.For($"{resource.Id}|{place.Path}", $"{ShortName}_{LastOf(place.Path)}", DeploymentParameterKind.Name, $"{LastOf(place.Path)} of '{resource.Id.FullName}'. It must be unique on the stack.", new DeploymentValue.Text(StampMap.Map(home.Map.Names, text)));
        }

        return place.Path switch
        {
            "location" => home.Location(text),
            "properties.hardwareProfile.vmSize" or "sku.name" when resource.IsOfType(Machine + "s") || resource.IsOfType(Machine + "ScaleSets") => new DeploymentValue.Text(StampMap.Map(home.Map.VmSizes, text)),
            _ => new DeploymentValue.Text(text),
        };
    }

    private DeploymentValue.Parameter Principal(string text) =>
        parameters.For(text, $"principal_{text[..Math.Min(8, text.Length)]}", DeploymentParameterKind.Principal, $"The user, group or application '{text}'.", new DeploymentValue.Text(text));

    private DeploymentValue.Parameter Secret(FormPlace place)
    {
        var name = LastOf(place.Path);
        var kind = name.Equals("protectedSettings", StringComparison.OrdinalIgnoreCase) ? DeploymentParameterKind.SecretObject : DeploymentParameterKind.Secret;
        var hint = kind == DeploymentParameterKind.SecretObject ? " {} if there are none." : "";
        return parameters.For($"{resource.Id}|{place.Path}|{_secrets++}", $"{ShortName}_{name}", kind, $"{place.Path} of '{resource.Id.FullName}'.{hint}", null);
    }

    private int _secrets;

    private string ShortName => $"{KnownResources.LastOf(resource.Type.Type)}_{resource.Id.FullName}";

    private static string LastOf(string path) => path[(path.LastIndexOf('.') + 1)..].Replace(PropertyPath.Items, "", StringComparison.Ordinal);

    private DeploymentValue Reference(string text, FormPlace place)
    {
        if (!ResourceId.TryParse(text, out var id)) return new DeploymentValue.Text(text);
        if (home.IsHere(id) && id.ResourceGroupName is null) return InSubscription(id, text);
        if (home.IsHere(id) && known.TryFind(id, out var owner))
        {
            Need(owner);
            return id.IsOfType("Microsoft.Resources/resourceGroups") ? new DeploymentValue.InSubscription($"/resourceGroups/{id.Name}") : known.Refer(id);
        }

        return External(text, $"external_{id.Name}", place);
    }

    private DeploymentValue.InSubscription InSubscription(ResourceId id, string text)
    {
        if (known.TryFind(id, out var owner)) Need(owner);
        return new DeploymentValue.InSubscription(text["/subscriptions/".Length..][id.SubscriptionId.Length..]);
    }

    private DeploymentValue Address(string text, FormPlace place)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri)) return new DeploymentValue.Text(text);
        if (uri.Query.Length == 0 && known.FindAccount(uri, out var path) is { } account)
        {
            Need(account.Id);
            return new DeploymentValue.BlobAddress(known.Refer(account.Id), account.Type.ApiVersion, path);
        }

        return External(text, $"external_{uri.Host.Split('.')[0]}_address", place);
    }

    private DeploymentValue.Parameter External(string text, string wish, FormPlace place) => parameters.For(
        text, wish, DeploymentParameterKind.External, $"What {LastOf(place.Path)} of '{resource.Id.FullName}' refers to, which is not in the deployment.", new DeploymentValue.Text(StampMap.Map(home.Map.External, text)));
}
