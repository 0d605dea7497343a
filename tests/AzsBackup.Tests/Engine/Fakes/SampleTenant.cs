namespace AzsBackup.Tests.Engine.Fakes;

/// <summary>
/// A tenant as it might be, of about so many resources as are asked for: a hub and spokes, web and database machines, a load
/// balancer, a gateway to a datacenter, a machine with a public address, and one with nothing around it.
/// </summary>
internal static class SampleTenant
{
    private const string Nic = "Microsoft.Network/networkInterfaces";
    private const string Vm = "Microsoft.Compute/virtualMachines";
    private const string Network = "Microsoft.Network/virtualNetworks";
    private const string SecurityGroup = "Microsoft.Network/networkSecurityGroups";
    private const string PublicAddress = "Microsoft.Network/publicIPAddresses";

    public static CaptureBuilder Build(int resources, string prefix = "")
    {
        var capture = new CaptureBuilder();
        var networkGroup = "contoso-network";
        AddGroup(capture, networkGroup);
        var hub = CaptureBuilder.Id(networkGroup, Network, $"{prefix}hub-vnet");
        AddSecurityGroup(capture, networkGroup, $"{prefix}web-nsg", ("allow-https", 100, "443", "*", "Allow"), ("allow-ssh-from-office", 200, "22", "203.0.113.0/24", "Allow"));
        AddSecurityGroup(capture, networkGroup, $"{prefix}db-nsg", ("allow-sql-from-web", 100, "1433", "10.1.1.0/24", "Allow"), ("deny-others", 4000, "*", "VirtualNetwork", "Deny"));
        AddHub(capture, networkGroup, hub, prefix);
        var spoke = 0;
        while (capture.Count < resources) AddSpoke(capture, networkGroup, hub, ++spoke, Math.Max(2, (resources - capture.Count) / 8), prefix);
        return capture;
    }

    private static void AddHub(CaptureBuilder capture, string group, string hub, string prefix)
    {
        var gatewayAddress = AddPublicAddress(capture, group, $"{prefix}vpn-ip", "192.0.2.9");
        var gateway = CaptureBuilder.Id(group, "Microsoft.Network/virtualNetworkGateways", $"{prefix}vpn-gateway");
        var datacenter = CaptureBuilder.Id(group, "Microsoft.Network/localNetworkGateways", $"{prefix}datacenter");
        capture.Add(hub, new
        {
            location = "local",
            tags = Tags("it-network"),
            properties = new
            {
                addressSpace = new { addressPrefixes = new[] { "10.0.0.0/16" } },
                subnets = new object[] { Subnet(hub, "GatewaySubnet", "10.0.255.0/27", null), Subnet(hub, "management", "10.0.1.0/24", null) },
            },
        });
        capture.Add(gateway, new
        {
            location = "local",
            properties = new
            {
                gatewayType = "Vpn",
                vpnType = "RouteBased",
                sku = new { name = "Basic" },
                ipConfigurations = new[] { new { name = "default", properties = new { subnet = Ref($"{hub}/subnets/GatewaySubnet"), publicIPAddress = Ref(gatewayAddress) } } },
            },
        });
        capture.Add(datacenter, new { location = "local", properties = new { gatewayIpAddress = "203.0.113.10", localNetworkAddressSpace = new { addressPrefixes = new[] { "172.16.0.0/12" } } } });
        capture.Add(CaptureBuilder.Id(group, "Microsoft.Network/connections", $"{prefix}to-datacenter"), new
        {
            location = "local",
            properties = new { connectionType = "IPsec", virtualNetworkGateway1 = Ref(gateway), localNetworkGateway2 = Ref(datacenter), connectionStatus = "Connected" },
        });
        capture.Add($"{hub}/providers/Microsoft.Authorization/locks/{prefix}keep", new { properties = new { level = "CanNotDelete", notes = "The network outlives its machines." } });
        AddVm(capture, group, $"{prefix}jump-1", $"{hub}/subnets/management", "10.0.1.4", null, AddPublicAddress(capture, group, $"{prefix}jump-ip", "192.0.2.20"), null);
    }

    private static void AddSpoke(CaptureBuilder capture, string networkGroup, string hub, int number, int machines, string prefix)
    {
        var group = $"contoso-app-{number}";
        AddGroup(capture, group);
        var network = CaptureBuilder.Id(networkGroup, Network, $"{prefix}spoke-{number}-vnet");
        capture.Add(network, new
        {
            location = "local",
            tags = Tags("it-network"),
            properties = new
            {
                addressSpace = new { addressPrefixes = new[] { $"10.{number}.0.0/16" } },
                subnets = new object[]
                {
                    Subnet(network, "web", $"10.{number}.1.0/24", CaptureBuilder.Id(networkGroup, SecurityGroup, $"{prefix}web-nsg")),
                    Subnet(network, "data", $"10.{number}.2.0/24", CaptureBuilder.Id(networkGroup, SecurityGroup, $"{prefix}db-nsg")),
                },
                virtualNetworkPeerings = new[] { new { name = "to-hub", properties = new { remoteVirtualNetwork = Ref(hub), peeringState = "Connected" } } },
            },
        });
        var balancer = CaptureBuilder.Id(group, "Microsoft.Network/loadBalancers", $"{prefix}web-lb-{number}");
        var front = $"{balancer}/frontendIPConfigurations/public";
        capture.Add(balancer, new
        {
            location = "local",
            properties = new
            {
                frontendIPConfigurations = new[] { new { name = "public", properties = new { publicIPAddress = Ref(AddPublicAddress(capture, group, $"{prefix}web-ip-{number}", $"192.0.2.{100 + number}")) } } },
                backendAddressPools = new[] { new { name = "web" } },
                loadBalancingRules = new[] { new { name = "https", properties = new { protocol = "Tcp", frontendPort = 443, backendPort = 443, frontendIPConfiguration = Ref(front), backendAddressPool = Ref($"{balancer}/backendAddressPools/web") } } },
            },
        });
        var set = CaptureBuilder.Id(group, "Microsoft.Compute/availabilitySets", $"{prefix}web-as");
        capture.Add(set, new { location = "local", properties = new { platformFaultDomainCount = 2, platformUpdateDomainCount = 5 } });
        for (var machine = 1; machine <= machines; machine++)
        {
            var isWeb = machine * 3 <= machines * 2;
            AddVm(
                capture, group, $"{prefix}{(isWeb ? "web" : "db")}-{number}-{machine}", $"{network}/subnets/{(isWeb ? "web" : "data")}", $"10.{number}.{(isWeb ? 1 : 2)}.{3 + machine}",
                isWeb ? $"{balancer}/backendAddressPools/web" : null, null, isWeb ? set : null);
        }

        capture.Add(CaptureBuilder.Id(group, "Microsoft.Storage/storageAccounts", $"contosoapp{number}"), new { location = "local", kind = "Storage", sku = new { name = "Standard_LRS" }, properties = new { primaryEndpoints = new { blob = $"https://contosoapp{number}.blob.local.azurestack.external/" } } });
    }

    private static void AddVm(CaptureBuilder capture, string group, string name, string subnet, string address, string? pool, string? publicAddress, string? availabilitySet)
    {
        var nic = CaptureBuilder.Id(group, Nic, $"{name}-nic");
        var disk = CaptureBuilder.Id(group, "Microsoft.Compute/disks", $"{name}-os");
        var vm = CaptureBuilder.Id(group, Vm, name);
        capture.Add(nic, new
        {
            location = "local",
            properties = new
            {
                ipConfigurations = new[]
                {
                    new
                    {
                        name = "ipconfig1",
                        properties = new
                        {
                            privateIPAddress = address,
                            subnet = Ref(subnet),
                            publicIPAddress = publicAddress is null ? null : Ref(publicAddress),
                            loadBalancerBackendAddressPools = pool is null ? [] : new[] { Ref(pool) },
                        },
                    },
                },
            },
        });
        capture.Add(disk, new { location = "local", sku = new { name = "Premium_LRS" }, managedBy = vm, properties = new { diskSizeGB = 127, osType = "Linux" } });
        capture.Add(vm, new
        {
            location = "local",
            tags = Tags(group),
            properties = new
            {
                hardwareProfile = new { vmSize = "Standard_DS2_v2" },
                availabilitySet = availabilitySet is null ? null : Ref(availabilitySet),
                storageProfile = new { imageReference = new { publisher = "Canonical", offer = "UbuntuServer", sku = "18.04-LTS" }, osDisk = new { name = $"{name}-os", osType = "Linux", managedDisk = Ref(disk) } },
                networkProfile = new { networkInterfaces = new[] { Ref(nic) } },
            },
        });
    }

    private static string AddPublicAddress(CaptureBuilder capture, string group, string name, string address)
    {
        var id = CaptureBuilder.Id(group, PublicAddress, name);
        capture.Add(id, new { location = "local", properties = new { publicIPAllocationMethod = "Static", ipAddress = address } });
        return id;
    }

    private static void AddSecurityGroup(CaptureBuilder capture, string group, string name, params (string Name, int Priority, string Port, string Source, string Access)[] rules) =>
        capture.Add(CaptureBuilder.Id(group, SecurityGroup, name), new
        {
            location = "local",
            properties = new
            {
                securityRules = rules.Select(rule => new
                {
                    name = rule.Name,
                    properties = new
                    {
                        priority = rule.Priority,
                        direction = "Inbound",
                        access = rule.Access,
                        protocol = "Tcp",
                        sourceAddressPrefix = rule.Source,
                        sourcePortRange = "*",
                        destinationAddressPrefix = "*",
                        destinationPortRange = rule.Port,
                    },
                }).ToArray(),
            },
        });

    private static void AddGroup(CaptureBuilder capture, string name) =>
        capture.Add($"{CaptureBuilder.Subscription}/resourceGroups/{name}", new { location = "local", tags = Tags(name) });

    private static object Subnet(string network, string name, string prefix, string? securityGroup) => new
    {
        id = $"{network}/subnets/{name}",
        name,
        properties = new { addressPrefix = prefix, networkSecurityGroup = securityGroup is null ? null : Ref(securityGroup) },
    };

    private static Dictionary<string, string> Tags(string owner) => new() { ["environment"] = "production", ["owner"] = $"{owner}@contoso.com" };

    private static Dictionary<string, string> Ref(string id) => new() { ["id"] = id };
}
