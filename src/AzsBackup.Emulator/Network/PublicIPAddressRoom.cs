using System.Globalization;
using System.Text.Json.Nodes;
using AzsBackup.Emulator.Arm;
using AzsBackup.Emulator.Compute;

namespace AzsBackup.Emulator.Network;

/// <summary>Public IP addresses, from the pool an operator gave the stamp; Basic only (docs: azure-stack-network-differences).</summary>
internal sealed class PublicIPAddressRoom(StackState stack) : NetworkRoom(stack)
{
    private const string AddressType = "Microsoft.Network/publicIPAddresses";

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
        write.Body.Default("sku", write.Previous?["sku"]?.DeepClone() ?? new JsonObject { ["name"] = "Basic" });
        if (!write.IsLoading)
            properties.Remove("ipAddress");
        if (write.Previous?["properties"]?["ipAddress"] is { } kept)
            properties["ipAddress"] = kept.DeepClone();
        CompleteDns(write);
        base.Write(write);
    }

    public override void Present(ArmResource resource, JsonObject body, string? expand)
    {
        base.Present(resource, body, expand);
        JsonObject properties = body.Ensure("properties");
        ArmReference? user = Stack.References.To(resource.Id.Text).FirstOrDefault(reference => reference.Property == "publicIPAddress");
        if (user is null)
            return;
        properties["ipConfiguration"] = new JsonObject { ["id"] = user.Holder };
        if (IsDynamic(resource) && IsInUse(user.From))
            properties["ipAddress"] = AddressOf(Stack, resource);
        else if (IsDynamic(resource))
            properties.Remove("ipAddress");
    }

    /// <summary>A static address is the resource's from when it is there (recorded: az network public-ip create --allocation-method Static).</summary>
    public override void AfterWrite(ArmResource resource)
    {
        base.AfterWrite(resource);
        if (!IsDynamic(resource))
            AddressOf(Stack, resource);
    }

    /// <summary>The address, taken from the pool when it is first needed.</summary>
    public static string AddressOf(StackState stack, ArmResource resource)
    {
        if (resource.Properties.Text("ipAddress") is { } address)
            return address;
        address = FreeAddress(stack);
        resource.Properties["ipAddress"] = address;
        // A read may be the first to need it: it is kept then, too.
        stack.Resources.Touch();
        return address;
    }

    private static bool IsDynamic(ArmResource resource) => ArmPath.Equal(resource.Properties.Text("publicIPAllocationMethod")!, "Dynamic");

    private static string FreeAddress(StackState stack)
    {
        HashSet<string> used = [.. stack.Resources.OfType(AddressType).Select(resource => resource.Properties.Text("ipAddress")).OfType<string>()];
        for (int next = 32; ; next++)
        {
            string address = string.Create(CultureInfo.InvariantCulture, $"192.168.{102 + (next / 250)}.{1 + (next % 250)}");
            if (!used.Contains(address))
                return address;
        }
    }

    /// <summary>A dynamic address is there as long as its VM has a host.</summary>
    private bool IsInUse(ArmResource user) => Stack.References.To(user.Id.Text, VirtualMachineRoom.MachineType)
        .Any(machine => VirtualMachinePower.Of(machine) != VirtualMachinePower.Deallocated);

    private void CompleteDns(ResourceWrite write)
    {
        if (write.Properties.Object("dnsSettings") is not { } dns || dns.Text("domainNameLabel") is not { } label)
            return;
        if (!write.IsLoading && Stack.Resources.OfType(AddressType).Any(other => other != write.Resource && ArmPath.Equal(other.Properties.Text("dnsSettings", "domainNameLabel") ?? "", label)))
            throw new ArmException(400, "DnsRecordInUse", $"DNS record {label}.{Stack.Location}.cloudapp.{Stack.Options.Domain} is already used by another public IP.");
        dns["fqdn"] = $"{label}.{Stack.Location}.cloudapp.{Stack.Options.Domain}";
    }
}
