using System.Text.Json.Nodes;
using AzsBackup.Emulator.Arm;

namespace AzsBackup.Emulator.Network;

/// <summary>DNS zones: global, made at once, with the SOA and NS records every zone has (Microsoft.Network/dnsZones 2016-04-01).</summary>
internal sealed class DnsZoneRoom(StackState stack) : ResourceRoom(stack)
{
    public const string ZoneType = "Microsoft.Network/dnsZones";
    private const int MaxRecordSets = 5000;

    public override bool NeedsLocation => false;

    public override bool HasProvisioningState => false;

    public override void Write(ResourceWrite write)
    {
        string zone = write.Resource.Id.Name;
        if (!write.IsLoading && (!zone.Contains('.', StringComparison.Ordinal) || Uri.CheckHostName(zone) != UriHostNameType.Dns))
            throw new ArmException(400, "BadRequest", $"The domain name '{zone}' is invalid. The provided domain name must have at least 2 labels.");
        string location = write.Body.Text("location")
            ?? throw new ArmException(400, "LocationRequired", "The location property is required for this definition.");
        if (!write.IsLoading && !ArmPath.Equal(location, "global"))
            throw new ArmException(400, "LocationNotAvailableForResourceType", $"The provided location '{location}' is not available for resource type '{ZoneType}'. List of available regions for the resource type is 'global'.");
        write.Body["location"] = "global";
        write.Body["etag"] = Stack.Ids.NewId();
        write.Properties.Clear();
        if (!write.IsNew)
            return;
        Add(write.Resource, "SOA", new JsonObject
        {
            ["TTL"] = 3600,
            ["SOARecord"] = new JsonObject
            {
                ["host"] = NameServer,
                ["email"] = $"hostmaster.{Stack.Location}.{Stack.Options.Domain}",
                ["serialNumber"] = 1,
                ["refreshTime"] = 3600,
                ["retryTime"] = 300,
                ["expireTime"] = 2419200,
                ["minimumTTL"] = 300,
            },
        });
        Add(write.Resource, "NS", new JsonObject { ["TTL"] = 172800, ["NSRecords"] = new JsonArray(new JsonObject { ["nsdname"] = NameServer }) });
    }

    public override void Present(ArmResource resource, JsonObject body, string? expand)
    {
        JsonObject properties = body.Ensure("properties");
        properties["maxNumberOfRecordSets"] = MaxRecordSets;
        properties["numberOfRecordSets"] = RecordSets(resource).Count();
        properties["nameServers"] = new JsonArray(NameServer);
    }

    public override JsonNode? Read(ArmResource resource, string child, ArmRequest request)
    {
        if (!ArmPath.Equal(child, "recordsets") && !ArmPath.Equal(child, "all"))
            return null;
        return new JsonObject { ["value"] = new JsonArray([.. RecordSets(resource).Select(DnsRecordSetRoom.View)]) };
    }

    private string NameServer => $"ns1.{Stack.Location}.{Stack.Options.Domain}.";

    private IEnumerable<ArmResource> RecordSets(ArmResource zone) =>
        Stack.Resources.Below(zone.Id.Text).Where(found => found.Id.Provider == zone.Id.Provider && found.Id.Types.Count == 2);

    private void Add(ArmResource zone, string type, JsonObject properties)
    {
        ArmResource records = new(zone.Id.Child(type, "@"), new JsonObject { ["etag"] = Stack.Ids.NewId(), ["properties"] = properties }, Stack.Now);
        if (!Stack.Resources.TryGet(records.Id, out _))
            Stack.Resources.Put(records);
    }
}
