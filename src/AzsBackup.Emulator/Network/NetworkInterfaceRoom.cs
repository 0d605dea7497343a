using System.Text.Json.Nodes;
using AzsBackup.Emulator.Arm;

namespace AzsBackup.Emulator.Network;

/// <summary>Network interfaces: addresses from their subnet, a MAC address, and the VM they belong to.</summary>
internal sealed class NetworkInterfaceRoom(StackState stack) : NetworkRoom(stack)
{
    private const string Machines = "Microsoft.Compute/virtualMachines";
    private readonly SubnetAddresses _addresses = new(stack);

    /// <summary>An interface is there at once (recorded: az network nic create).</summary>
    public override string CreatingState => "Succeeded";

    public override string UpdatingState => "Succeeded";

    protected override string InUseCode => "NicInUse";

    public override void Write(ResourceWrite write)
    {
        JsonObject properties = write.Properties;
        foreach (string derived in (string[])["virtualMachine", "macAddress", "primary", "hostedWorkloads", "tapConfigurations"])
            properties.Remove(derived);
        JsonArray configurations = properties.EnsureArray("ipConfigurations");
        if (configurations.Count == 0)
            throw new ArmException(400, "NetworkInterfaceMustHaveAtLeastOneIpConfiguration", $"Network interface {write.Resource.Id} must have at least one IP configuration.");
        base.Write(write);
        RequirePublicAddresses(write, configurations);
        bool namesPrimary = configurations.Any(configuration => configuration.Flag("properties", "primary") == true);
        foreach ((JsonObject configuration, int index) in configurations.OfType<JsonObject>().Select((item, i) => (item, i)))
            Complete(write, configuration.Ensure("properties"), configuration.Text("name")!, isPrimary: !namesPrimary && index == 0);
        CompleteDns(write);
        properties.Default("enableIPForwarding", false);
    }

    public override void Present(ArmResource resource, JsonObject body, string? expand)
    {
        base.Present(resource, body, expand);
        JsonObject properties = body.Ensure("properties");
        properties["hostedWorkloads"] = new JsonArray();
        properties["tapConfigurations"] = new JsonArray();
        JsonObject dns = properties.Ensure("dnsSettings");
        if (dns.Text("internalDnsNameLabel") is { } label)
            dns["internalFqdn"] = $"{label}.{dns.Text("internalDomainNameSuffix")}";
        if (Stack.References.To(resource.Id.Text, Machines).FirstOrDefault() is not { } machine)
            return;
        properties["virtualMachine"] = new JsonObject { ["id"] = machine.Id.Text };
        properties["primary"] = machine.Properties.Array("networkProfile", "networkInterfaces") is { Count: > 1 } all
            ? all.FirstOrDefault(nic => ArmPath.Equal(nic.Text("id") ?? "", resource.Id.Text)).Flag("properties", "primary") ?? false
            : true;
        byte[] id = Guid.Parse(resource.Properties.Text("resourceGuid")!).ToByteArray();
        properties["macAddress"] = $"00-15-5D-{id[0]:X2}-{id[1]:X2}-{id[2]:X2}";
    }

    private void CompleteDns(ResourceWrite write)
    {
        JsonObject dns = write.Properties.Ensure("dnsSettings");
        dns.Remove("internalFqdn");
        dns.EnsureArray("dnsServers");
        dns["appliedDnsServers"] = new JsonArray();
        if (!write.IsLoading)
            dns.Remove("internalDomainNameSuffix");
        dns.Default("internalDomainNameSuffix", write.Previous?["properties"]?["dnsSettings"]?["internalDomainNameSuffix"]?.DeepClone()
            ?? $"{Zone(write)}.internal.{Stack.Location}.cloudapp.{Stack.Options.Domain}");
    }

    /// <summary>The label that all interfaces of one network share (recorded: az vm create, twice in a network).</summary>
    private string Zone(ResourceWrite write)
    {
        ArmId? subnet = ArmId.TryParse(write.Properties.Array("ipConfigurations")![0].Text("properties", "subnet", "id"), out ArmId? id) ? id : null;
        string guid = Stack.Resources.Find(subnet?.Parent?.Text)?.Properties.Text("resourceGuid") ?? Stack.Ids.NewId();
        return guid.Replace("-", "", StringComparison.Ordinal)[..26];
    }

    private void RequirePublicAddresses(ResourceWrite write, JsonArray configurations)
    {
        foreach (JsonNode? configuration in configurations)
        {
            if (write.IsLoading || configuration.Text("properties", "publicIPAddress", "id") is not { } id)
                continue;
            if (Stack.References.To(id).FirstOrDefault(reference => reference.From != write.Resource && reference.Property == "publicIPAddress") is { } user)
                throw new ArmException(400, "PublicIPAddressInUse", $"Resource {write.Resource.Id}/ipConfigurations/{configuration.Text("name")} is referencing public IP address {id} that is already allocated to resource {user.Holder}.");
        }
    }

    private void Complete(ResourceWrite write, JsonObject configuration, string name, bool isPrimary)
    {
        string subnetId = configuration.Text("subnet", "id")
            ?? throw new ArmException(400, "SubnetNotSpecified", $"The IP configuration {name} of network interface {write.Resource.Id} has no subnet.");
        configuration.Default("privateIPAllocationMethod", "Dynamic");
        configuration.Default("privateIPAddressVersion", "IPv4");
        configuration["primary"] = configuration.Flag("primary") ?? isPrimary;
        JsonNode? before = write.Previous.Array("properties", "ipConfigurations")?.FirstOrDefault(old => ArmPath.Equal(old.Text("name") ?? "", name));
        bool isSameSubnet = ArmPath.Equal(before.Text("properties", "subnet", "id") ?? "", subnetId);
        if (ArmPath.Equal(configuration.Text("privateIPAllocationMethod")!, "Static"))
        {
            string address = configuration.Text("privateIPAddress") ?? (isSameSubnet ? before.Text("properties", "privateIPAddress") : null)
                ?? throw new ArmException(400, "IpAddressMissing", $"The IP configuration {name} is static and has no address.");
            configuration["privateIPAddress"] = address;
            if (!write.IsLoading)
                _addresses.RequireFree(subnetId, address, write.Resource);
            return;
        }

        if (isSameSubnet && before.Text("properties", "privateIPAddress") is { } kept)
            configuration["privateIPAddress"] = kept;
        else if (!write.IsLoading || configuration.Text("privateIPAddress") is null)
        {
            configuration.Remove("privateIPAddress");
            configuration["privateIPAddress"] = _addresses.Take(subnetId, write.Resource);
        }
    }
}
