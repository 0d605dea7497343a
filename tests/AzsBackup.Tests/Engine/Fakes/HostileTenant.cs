namespace AzsBackup.Tests.Engine.Fakes;

/// <summary>A tenant with the same text in every place a tenant can write one.</summary>
internal static class HostileTenant
{
    public static CaptureBuilder Build(string text)
    {
        var name = text.Replace('/', '|');
        const string group = "group";
        string Id(string type) => CaptureBuilder.Id(group, type, name);
        Dictionary<string, string> Ref(string id) => new() { ["id"] = id };
        var network = Id("Microsoft.Network/virtualNetworks");
        var nic = Id("Microsoft.Network/networkInterfaces");
        var tags = new Dictionary<string, string> { [text] = text };
        return new CaptureBuilder()
            .Add(network, new
            {
                location = text,
                tags,
                properties = new
                {
                    addressSpace = new { addressPrefixes = new[] { "10.0.0.0/8", text } },
                    dhcpOptions = new { dnsServers = new[] { text } },
                    subnets = new[] { new { name, properties = new { addressPrefix = "10.0.0.0/24", networkSecurityGroup = Ref(Id("Microsoft.Network/networkSecurityGroups")), routeTable = Ref(Id("Microsoft.Network/routeTables")) } } },
                    virtualNetworkPeerings = new[] { new { name, properties = new { remoteVirtualNetwork = Ref(network + "-other"), peeringState = text } } },
                },
            })
            .Add(nic, new
            {
                tags,
                properties = new { ipConfigurations = new[] { new { name, properties = new { privateIPAddress = text, subnet = Ref($"{network}/subnets/{name}"), publicIPAddress = Ref(Id("Microsoft.Network/publicIPAddresses")) } } } },
            })
            .Add(Id("Microsoft.Network/publicIPAddresses"), new { tags, properties = new { ipAddress = text, dnsSettings = new { fqdn = text } } })
            .Add(Id("Microsoft.Network/networkSecurityGroups"), new
            {
                tags,
                properties = new
                {
                    securityRules = new[] { new { name = text, properties = new { priority = 1, direction = "Inbound", access = "Allow", protocol = text, sourceAddressPrefix = text, destinationAddressPrefix = text, destinationPortRange = text } } },
                },
            })
            .Add(Id("Microsoft.Network/routeTables"), new { properties = new { routes = new[] { new { name = text, properties = new { addressPrefix = text, nextHopType = text } } } } })
            .Add(Id("Microsoft.Compute/virtualMachines"), new
            {
                location = text,
                tags,
                properties = new
                {
                    hardwareProfile = new { vmSize = text },
                    storageProfile = new { osDisk = new { name = text, osType = text }, imageReference = new { publisher = text, offer = text, sku = text } },
                    networkProfile = new { networkInterfaces = new[] { Ref(nic) } },
                },
            })
            .Add(CaptureBuilder.Id(group, "Contoso.Foreign/things", name), new { kind = text, location = text, tags, properties = new { text } })
            .Add(Id("Microsoft.Compute/disks"), status: AzsBackup.Model.AzsCaptureStatus.Failed, reason: text);
    }
}
