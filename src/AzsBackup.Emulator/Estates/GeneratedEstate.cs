using System.Globalization;
using System.Text.Json.Nodes;
using AzsBackup.Emulator.Arm;

namespace AzsBackup.Emulator.Estates;

/// <summary>
/// An estate of any size, always the same for the same size: groups of one network with machines, each with a disk, an interface
/// and an extension, and what tenants have beside them. For measurements; nothing in it is secret.
/// </summary>
internal static class GeneratedEstate
{
    private const string Prefix = "generated:";
    private const int MachinesInGroup = 20;

    /// <summary>The number of resources that an estate's name asks for, <c>generated:10000</c>; <see langword="null"/> if it is no such name.</summary>
    /// <exception cref="EstateException">The number is none, or out of range.</exception>
    public static int? CountOf(string estate)
    {
        if (!estate.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase))
            return null;
        return int.TryParse(estate[Prefix.Length..], NumberStyles.None, CultureInfo.InvariantCulture, out int count) && count is > 0 and <= 1_000_000 ? count
            : throw new EstateException($"The estate '{estate}' has no size: write generated: and a number of resources from 1 to 1000000.");
    }

    /// <summary>The document of an estate, with the placeholders of every estate file left open.</summary>
    public static JsonObject Make(int count) => new() { ["resources"] = new JsonArray([.. Resources().Take(count)]) };

    private static IEnumerable<JsonNode> Resources()
    {
        for (int group = 1; ; group++)
            foreach (JsonObject resource in Group(string.Create(CultureInfo.InvariantCulture, $"estate-{group:d4}"), group))
                yield return resource;
    }

    private static IEnumerable<JsonObject> Group(string name, int number)
    {
        string scope = "/subscriptions/{subscriptionId}/resourceGroups/" + name;
        string network = scope + "/providers/Microsoft.Network";
        string compute = scope + "/providers/Microsoft.Compute";
        yield return new JsonObject { ["id"] = scope, ["tags"] = new JsonObject { ["costCenter"] = number.ToString(CultureInfo.InvariantCulture) } };
        yield return Resource(network + "/networkSecurityGroups/nsg", """{"securityRules":[{"name":"ssh","properties":{"protocol":"Tcp","sourcePortRange":"*","destinationPortRange":"22","sourceAddressPrefix":"10.0.0.0/8","destinationAddressPrefix":"*","access":"Allow","priority":100,"direction":"Inbound"}}]}""");
        yield return Resource(network + "/routeTables/routes", """{"routes":[{"name":"out","properties":{"addressPrefix":"0.0.0.0/0","nextHopType":"Internet"}}]}""");
        yield return Resource(network + "/virtualNetworks/net", $$$$"""{"addressSpace":{"addressPrefixes":["10.0.0.0/16"]},"subnets":[{"name":"machines","properties":{"addressPrefix":"10.0.0.0/17","networkSecurityGroup":{"id":"{{{{network}}}}/networkSecurityGroups/nsg"},"routeTable":{"id":"{{{{network}}}}/routeTables/routes"}}}]}""");
        yield return Resource(compute + "/availabilitySets/set", """{"platformUpdateDomainCount":5,"platformFaultDomainCount":2}""", """{"name":"Aligned"}""");
        yield return new JsonObject { ["id"] = scope + "/providers/Microsoft.Authorization/locks/keep", ["properties"] = ArmJson.Parse("""{"level":"CanNotDelete"}""") };
        for (int machine = 1; machine <= MachinesInGroup; machine++)
        {
            string vm = string.Create(CultureInfo.InvariantCulture, $"vm-{number:d4}-{machine:d2}");
            yield return Resource($"{network}/publicIPAddresses/{vm}-ip", """{"publicIPAllocationMethod":"Static"}""", """{"name":"Basic"}""");
            yield return Resource($"{network}/networkInterfaces/{vm}-nic", $$$$"""{"ipConfigurations":[{"name":"ip","properties":{"privateIPAllocationMethod":"Dynamic","subnet":{"id":"{{{{network}}}}/virtualNetworks/net/subnets/machines"},"publicIPAddress":{"id":"{{{{network}}}}/publicIPAddresses/{{{{vm}}}}-ip"} }}]}""");
            yield return Resource($"{compute}/disks/{vm}-os", """{"creationData":{"createOption":"Empty"},"diskSizeGB":1,"osType":"Linux"}""", """{"name":"Standard_LRS"}""");
            yield return Resource($"{compute}/virtualMachines/{vm}", $$$$"""{"hardwareProfile":{"vmSize":"Standard_A1_v2"},"availabilitySet":{"id":"{{{{compute}}}}/availabilitySets/set"},"storageProfile":{"osDisk":{"name":"{{{{vm}}}}-os","osType":"Linux","createOption":"Attach","managedDisk":{"id":"{{{{compute}}}}/disks/{{{{vm}}}}-os"}},"dataDisks":[]},"networkProfile":{"networkInterfaces":[{"id":"{{{{network}}}}/networkInterfaces/{{{{vm}}}}-nic"}]}}""");
            if (machine % 4 == 0)
                yield return new JsonObject { ["id"] = $"{compute}/virtualMachines/{vm}/extensions/setup", ["properties"] = ArmJson.Parse("""{"publisher":"Microsoft.Azure.Extensions","type":"CustomScript","typeHandlerVersion":"2.0","autoUpgradeMinorVersion":true,"settings":{"commandToExecute":"uptime"}}""") };
        }
    }

    private static JsonObject Resource(string id, string properties, string? sku = null)
    {
        JsonObject resource = new() { ["id"] = id, ["location"] = "{location}", ["properties"] = ArmJson.Parse(properties) };
        if (sku is not null)
            resource["sku"] = ArmJson.Parse(sku);
        return resource;
    }
}
