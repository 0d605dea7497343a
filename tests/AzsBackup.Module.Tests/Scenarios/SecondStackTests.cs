using System.Text.RegularExpressions;
using AzsBackup.Emulator.Hosting;
using AzsBackup.Module.Tests.Hosting;

namespace AzsBackup.Module.Tests.Scenarios;

/// <summary>A virtual machine comes back on a second stack when the first one is gone, out of the vault alone.</summary>
[Collection("Connections")]
public sealed partial class SecondStackTests : IDisposable
{
    private const string Disks = "/subscriptions/{subscriptionId}/resourceGroups/contoso-app/providers/Microsoft.Compute/disks/app-web-1-";

    private readonly ScratchFolder _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public async Task Vm_OnTheSecondStack_HasItsDisksAndItsNetworkConfiguration()
    {
        var qemu = Tool.Find("qemu-img", "qemu-utils");
        using var host = ModuleHost.WithModule();
        host.Set("password", ConnectedStack.Secret(SampleStack.Password)).Set("folder", _scratch.Path);
        await BackUpAsync(host);
        await using var second = await EmulatedStack.StartAsync(new EmulatedStackOptions { Region = "east", Estate = WriteNetwork() }, TestContext.Current.CancellationToken);
        using var probe = new StackProbe(second);
        SampleStack.Connect(host, second, "second");

        var output = host.Invoke("""
            $vault = Get-AzsBackupVault $folder/vault -Password $password
            $restore = Get-AzsVmBackup -Vault $vault | Restore-AzsVmBackup -ResourceGroupName contoso-app -WarningAction SilentlyContinue
            $restore.Disks.DiskId
            $configuration = Export-AzsResourceConfig -Path $folder/second
            """).Succeeded();

        foreach (var (disk, file) in output.Zip(["app-web-1-os.vhd", "app-web-1-lun0.vhd"]))
        {
            var download = _scratch.File("second-" + file);
            await probe.DownloadAsync((string)disk!, download);
            Assert.Contains("Images are identical.", await qemu.RunAsync("compare", "-f", "vpc", "-F", "vpc", _scratch.File($"out/{file}"), download), StringComparison.Ordinal);
        }

        Assert.Equal(Configuration("first", "networkinterfaces"), Configuration("second", "networkinterfaces"));
        Assert.Equal(Configuration("first", "availabilitysets"), Configuration("second", "availabilitysets"));
    }

    private async Task BackUpAsync(ModuleHost host)
    {
        var images = new Dictionary<string, string>
        {
            [Disks + "os"] = DiskImages.Write(_scratch.File("os.img"), 12, 3),
            [Disks + "data"] = DiskImages.Write(_scratch.File("data.img"), 4, 7),
        };
        await using var first = await EmulatedStack.StartAsync(new EmulatedStackOptions { Estate = "sample", DiskContent = images }, TestContext.Current.CancellationToken);
        SampleStack.Connect(host, first, "first").Invoke("""
            $vault = New-AzsBackupVault $folder/vault -Password $password
            Start-AzsVmBackup -ResourceGroupName contoso-app -Name app-web-1 -Vault $vault | Restore-AzsVmBackup -Path $folder/out
            $null = Export-AzsResourceConfig -Path $folder/first
            Get-AzsStack | Disconnect-AzsStack
            """).Succeeded();
    }

    // The second stack has the network and the load balancer, as a standby would.
    private string WriteNetwork()
    {
        const string network = "/subscriptions/{subscriptionId}/resourceGroups/contoso-network";
        var file = _scratch.File("network.json");
        File.WriteAllText(file, $$"""
            { "resources": [
              { "id": "{{network}}" },
              { "id": "{{network}}/providers/Microsoft.Network/virtualNetworks/contoso-vnet", "location": "{location}",
                "properties": { "addressSpace": { "addressPrefixes": ["10.20.0.0/16"] }, "subnets": [{ "name": "web", "properties": { "addressPrefix": "10.20.1.0/24" } }] } },
              { "id": "{{network}}/providers/Microsoft.Network/loadBalancers/web-lb", "location": "{location}", "sku": { "name": "Basic" },
                "properties": {
                  "frontendIPConfigurations": [{ "name": "internal", "properties": { "privateIPAllocationMethod": "Static", "subnet": { "id": "{{network}}/providers/Microsoft.Network/virtualNetworks/contoso-vnet/subnets/web" }, "privateIPAddress": "10.20.1.200" } }],
                  "backendAddressPools": [{ "name": "web-pool", "properties": {} }],
                  "inboundNatRules": [{ "name": "ssh-web-1", "properties": { "protocol": "Tcp", "frontendPort": 50001, "backendPort": 22,
                    "frontendIPConfiguration": { "id": "{{network}}/providers/Microsoft.Network/loadBalancers/web-lb/frontendIPConfigurations/internal" } } }] } } ] }
            """);
        return file;
    }

    /// <summary>The captured resources of a type that belong to the VM, without what only one stack can have: ids of subscriptions, GUIDs, MAC and names of zones.</summary>
    private IEnumerable<string> Configuration(string capture, string type) => Directory
        .EnumerateFiles(_scratch.File(capture), "*.json", SearchOption.AllDirectories)
        .Where(file => file.Contains(type, StringComparison.OrdinalIgnoreCase) && !file.Contains("web-2", StringComparison.Ordinal) && !file.Contains("db-1", StringComparison.Ordinal))
        .SelectMany(File.ReadLines)
        .Select(line => Subscription().Replace(line, "/subscriptions/s/").Replace("\"east\"", "\"local\"", StringComparison.Ordinal))
        .Where(line => !line.Contains("resourceGuid", StringComparison.Ordinal) && !line.Contains("macAddress", StringComparison.Ordinal) && !line.Contains("internalDomainNameSuffix", StringComparison.Ordinal)
            && !line.Contains("virtualMachines/app-web-2", StringComparison.OrdinalIgnoreCase));

    [GeneratedRegex("/subscriptions/[0-9a-f-]+/")]
    private static partial Regex Subscription();
}
