using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using AzsBackup.Emulator.Arm;

namespace AzsBackup.Emulator.Network;

/// <summary>Network interfaces: addresses from their subnet, a MAC address, and the VM they belong to.</summary>
internal sealed class NetworkInterfaceRoom(StackState stack) : NetworkRoom(stack)
{
    private const string Machines = "Microsoft.Compute/virtualMachines";

    protected override string InUseCode => "NicInUse";

    public override void Write(ResourceWrite write)
    {
        JsonObject properties = write.Properties;
        properties.Remove("virtualMachine");
        JsonArray configurations = properties.EnsureArray("ipConfigurations");
        if (configurations.Count == 0)
            throw new ArmException(400, "NetworkInterfaceMustHaveAtLeastOneIpConfiguration", $"Network interface {write.Resource.Id} must have at least one IP configuration.");
        base.Write(write);
        foreach ((JsonObject configuration, int index) in configurations.OfType<JsonObject>().Select((item, i) => (item, i)))
            Complete(write, configuration.Ensure("properties"), configuration.Text("name")!, index);
        JsonObject dns = properties.Ensure("dnsSettings");
        dns.EnsureArray("dnsServers");
        dns.EnsureArray("appliedDnsServers");
        dns.Default("internalDomainNameSuffix", write.Previous?["properties"]?["dnsSettings"]?["internalDomainNameSuffix"]?.DeepClone()
            ?? $"{Convert.ToHexStringLower(Stack.Ids.NewBytes(8))}.internal.{Stack.Location}.cloudapp.{Stack.Options.Domain}");
        properties.Default("enableIPForwarding", false);
    }

    public override void Present(ArmResource resource, JsonObject body, string? expand)
    {
        base.Present(resource, body, expand);
        if (Stack.References.To(resource.Id.Text, Machines).FirstOrDefault() is not { } machine)
            return;
        JsonObject properties = body.Ensure("properties");
        properties["virtualMachine"] = new JsonObject { ["id"] = machine.Id.Text };
        properties["primary"] = machine.Properties.Array("networkProfile", "networkInterfaces") is { Count: > 1 } all
            ? all.FirstOrDefault(nic => ArmPath.Equal(nic.Text("id") ?? "", resource.Id.Text)).Flag("properties", "primary") ?? false
            : true;
        byte[] id = Guid.Parse(resource.Properties.Text("resourceGuid")!).ToByteArray();
        properties["macAddress"] = $"00-15-5D-{id[0]:X2}-{id[1]:X2}-{id[2]:X2}";
    }

    private void Complete(ResourceWrite write, JsonObject configuration, string name, int index)
    {
        string subnetId = configuration.Text("subnet", "id")
            ?? throw new ArmException(400, "SubnetNotSpecified", $"The IP configuration {name} of network interface {write.Resource.Id} has no subnet.");
        configuration.Default("privateIPAllocationMethod", "Dynamic");
        configuration.Default("privateIPAddressVersion", "IPv4");
        configuration["primary"] = configuration.Flag("primary") ?? index == 0;
        if (ArmPath.Equal(configuration.Text("privateIPAllocationMethod")!, "Static"))
        {
            if (configuration.Text("privateIPAddress") is null)
                throw new ArmException(400, "IpAddressMissing", $"The IP configuration {name} is static and has no address.");
            return;
        }

        JsonNode? before = write.Previous.Array("properties", "ipConfigurations")?.FirstOrDefault(old => ArmPath.Equal(old.Text("name") ?? "", name));
        if (ArmPath.Equal(before.Text("properties", "subnet", "id") ?? "", subnetId) && before.Text("properties", "privateIPAddress") is { } kept)
            configuration["privateIPAddress"] = kept;
        else if (!write.IsLoading || configuration.Text("privateIPAddress") is null)
            configuration["privateIPAddress"] = FreeAddress(subnetId, write);
    }

    private string FreeAddress(string subnetId, ResourceWrite write)
    {
        if (!ArmId.TryParse(subnetId, out ArmId? id))
            throw ArmException.InvalidLink(subnetId);
        string prefix = Stack.Resources.Find(id.Parent?.Text).Subnets().FirstOrDefault(subnet => ArmPath.Equal(subnet.Text("name") ?? "", id.Name)).Text("properties", "addressPrefix")
            ?? throw ArmException.MissingReference(subnetId, write.Resource.Id.Text);
        HashSet<string> used = [.. Stack.Resources.OfType("Microsoft.Network/networkInterfaces").Append(write.Resource)
            .SelectMany(nic => nic.Properties.Array("ipConfigurations") ?? [])
            .Where(configuration => ArmPath.Equal(configuration.Text("properties", "subnet", "id") ?? "", subnetId))
            .Select(configuration => configuration.Text("properties", "privateIPAddress")).OfType<string>()];
        IPNetwork network = IPNetwork.Parse(prefix);
        uint start = BitConverter.ToUInt32([.. network.BaseAddress.GetAddressBytes().Reverse()]);
        uint size = 1u << (32 - network.PrefixLength);
        for (uint offset = 4; offset < size - 1; offset++)
        {
            byte[] bytes = [.. BitConverter.GetBytes(start + offset).Reverse()];
            string address = string.Create(CultureInfo.InvariantCulture, $"{bytes[0]}.{bytes[1]}.{bytes[2]}.{bytes[3]}");
            if (!used.Contains(address))
                return address;
        }

        throw new ArmException(400, "SubnetIsFull", $"Subnet {id.Name} with address prefix {prefix} does not have enough capacity for 1 IP addresses.");
    }
}
