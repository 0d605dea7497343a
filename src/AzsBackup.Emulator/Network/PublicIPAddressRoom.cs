using System.Text.Json.Nodes;
using AzsBackup.Emulator.Arm;

namespace AzsBackup.Emulator.Network;

/// <summary>Public IP addresses, from the pool an operator gave the stamp; Basic only (docs: azure-stack-network-differences).</summary>
internal sealed class PublicIPAddressRoom(StackState stack) : NetworkRoom(stack)
{
    protected override string InUseCode => "PublicIPAddressCannotBeDeleted";

    public override void Write(ResourceWrite write)
    {
        JsonObject properties = write.Properties;
        properties.Remove("ipConfiguration");
        properties.Default("publicIPAllocationMethod", "Dynamic");
        properties.Default("publicIPAddressVersion", "IPv4");
        properties.Default("idleTimeoutInMinutes", 4);
        properties.EnsureArray("ipTags");
        if (properties.Text("publicIPAddressVersion") == "IPv6")
            throw new ArmException(400, "IPv6NotSupported", "IPv6 addresses are not supported.");
        write.Body.Default("sku", new JsonObject { ["name"] = "Basic" });
        if (!write.IsLoading)
            properties.Remove("ipAddress");
        if (write.Previous?["properties"]?["ipAddress"] is { } kept)
            properties["ipAddress"] = kept.DeepClone();
        else if (ArmPath.Equal(properties.Text("publicIPAllocationMethod")!, "Static"))
            properties.Default("ipAddress", FreeAddress());
        if (properties.Object("dnsSettings") is { } dns && dns.Text("domainNameLabel") is { } label)
            dns["fqdn"] = $"{label}.{Stack.Location}.cloudapp.{Stack.Options.Domain}";
        base.Write(write);
    }

    private string FreeAddress()
    {
        HashSet<string> used = [.. Stack.Resources.OfType("Microsoft.Network/publicIPAddresses").Select(address => address.Properties.Text("ipAddress")).OfType<string>()];
        return Enumerable.Range(32, 250 * 100).Select(number => $"192.168.{102 + (number / 250)}.{number % 250}").First(address => !used.Contains(address));
    }

    public override void Present(ArmResource resource, JsonObject body, string? expand)
    {
        base.Present(resource, body, expand);
        ArmReference? user = Stack.References.To(resource.Id.Text).FirstOrDefault(reference => reference.Property == "publicIPAddress");
        if (user is not null)
            body.Ensure("properties")["ipConfiguration"] = new JsonObject { ["id"] = user.Holder };
    }
}
