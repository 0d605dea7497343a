using System.Text.Json.Nodes;
using AzsBackup.Emulator.Arm;

namespace AzsBackup.Emulator.Network;

/// <summary>The record sets of a DNS zone, one type of record each.</summary>
internal sealed class DnsRecordSetRoom(StackState stack) : ResourceRoom(stack)
{
    /// <summary>The types, each with the property that holds its records.</summary>
    public static readonly IReadOnlyDictionary<string, string> Records = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
    {
        ["A"] = "ARecords",
        ["AAAA"] = "AAAARecords",
        ["CNAME"] = "CNAMERecord",
        ["MX"] = "MXRecords",
        ["NS"] = "NSRecords",
        ["PTR"] = "PTRRecords",
        ["SOA"] = "SOARecord",
        ["SRV"] = "SRVRecords",
        ["TXT"] = "TXTRecords",
    };

    public override bool NeedsLocation => false;

    public override bool HasProvisioningState => false;

    /// <summary>A record set as a list shows it.</summary>
    public static JsonNode View(ArmResource resource)
    {
        JsonObject body = new() { ["id"] = resource.Id.Text, ["name"] = resource.Id.Name, ["type"] = resource.Id.Type };
        foreach ((string name, JsonNode? value) in resource.Body)
            body[name] = value?.DeepClone();
        body.Ensure("properties")["fqdn"] = FullName(resource.Id);
        return body;
    }

    public override void Write(ResourceWrite write)
    {
        JsonObject properties = write.Properties;
        string type = write.Resource.Id.Types[^1];
        if (properties.Number("TTL") is not (>= 1 and <= int.MaxValue))
            throw new ArmException(400, "BadRequest", "The value of property 'TTL' is missing or out of range.");
        string records = Records[type];
        if (properties[records] is null)
            properties[records] = records.EndsWith("Records", StringComparison.Ordinal) ? new JsonArray() : throw new ArmException(400, "BadRequest", $"The record set has no {records}.");
        properties.Remove("fqdn");
        RequireAlone(write.Resource.Id, ArmPath.Equal(type, "CNAME"));
        write.Body["etag"] = Stack.Ids.NewId();
    }

    public override void Present(ArmResource resource, JsonObject body, string? expand) => body.Ensure("properties")["fqdn"] = FullName(resource.Id);

    public override void BeforeDelete(ArmResource resource)
    {
        if (resource.Id.Name == "@" && resource.Id.Types[^1].ToUpperInvariant() is "SOA" or "NS")
            throw new ArmException(400, "BadRequest", $"The record set '@' of type {resource.Id.Types[^1]} belongs to its zone and cannot be deleted.");
    }

    private static string FullName(ArmId id) => id.Name == "@" ? $"{id.Names[0]}." : $"{id.Name}.{id.Names[0]}.";

    /// <summary>A CNAME stands alone under its name (RFC 1034 §3.6.2).</summary>
    private void RequireAlone(ArmId id, bool isAlias)
    {
        bool clashes = Stack.Resources.Below(id.Parent!.Text).Any(other => other.Id.Types.Count == 2 && !other.Id.Equals(id) && ArmPath.Equal(other.Id.Name, id.Name)
            && (isAlias || ArmPath.Equal(other.Id.Types[1], "CNAME")));
        if (clashes)
            throw new ArmException(400, "BadRequest", $"The record set '{id.Name}' cannot be created because a CNAME record cannot share its name with other records.");
    }
}
