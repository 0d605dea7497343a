using System.Text.Json.Nodes;
using AzsBackup.Emulator.Hosting;
using AzsBackup.Tests.Emulator.Hosting;
using Xunit;

namespace AzsBackup.Tests.Emulator.Compute;

public sealed class VirtualMachineTests
{
    private const string Sample = "contoso-app";

    [Fact]
    public async Task Machine_FromImage_MakesItsDisksAndHidesItsPassword()
    {
        await using StackHost host = await StackHost.StartAsync();
        string nic = await MakeNicAsync(host);
        string id = host.Id("rg", "Microsoft.Compute/virtualMachines", "vm");
        await host.DoAsync(HttpMethod.Put, id, StackHost.Compute, Body(nic, """{"createOption":"FromImage"}"""));
        JsonNode vm = await host.GetAsync(id, StackHost.Compute);
        Assert.DoesNotContain("hush", vm.ToJsonString(), StringComparison.Ordinal);
        string disk = vm["properties"]!["storageProfile"]!["osDisk"]!["managedDisk"]!["id"]!.GetValue<string>();
        JsonNode os = await host.GetAsync(disk, StackHost.Disks);
        Assert.Equal(id, os["managedBy"]!.GetValue<string>());
        Assert.Equal("Attached", os["properties"]!["diskState"]!.GetValue<string>());
        Assert.Equal(id, (await host.GetAsync(nic, StackHost.Network))["properties"]!["virtualMachine"]!["id"]!.GetValue<string>());
        await host.AssertRefusedAsync(409, "OperationNotAllowed", HttpMethod.Delete, disk, StackHost.Disks);
        await host.AssertRefusedAsync(400, "NicInUse", HttpMethod.Delete, nic, StackHost.Network);
        await host.DoAsync(HttpMethod.Delete, id, StackHost.Compute);
        Assert.Equal("Unattached", (await host.GetAsync(disk, StackHost.Disks))["properties"]!["diskState"]!.GetValue<string>());
    }

    [Fact]
    public async Task Machine_MissingInterface_IsRefusedAndMakesNothing()
    {
        await using StackHost host = await StackHost.StartAsync();
        await host.MakeGroupAsync("rg");
        await host.AssertRefusedAsync(400, "InvalidResourceReference", HttpMethod.Put, host.Id("rg", "Microsoft.Compute/virtualMachines", "vm"), StackHost.Compute,
            Body(host.Id("rg", "Microsoft.Network/networkInterfaces", "none"), """{"createOption":"FromImage"}"""));
        Assert.Empty((await host.GetAsync(host.Subscription + "/providers/Microsoft.Compute/disks", StackHost.Disks))["value"]!.AsArray());
    }

    [Fact]
    public async Task Machine_Deallocated_LetsItsDiskBeExported()
    {
        await using StackHost host = await StackHost.StartAsync(new EmulatedStackOptions { Estate = "sample" });
        string vm = host.Id(Sample, "Microsoft.Compute/virtualMachines", "app-web-1");
        string disk = host.Id(Sample, "Microsoft.Compute/disks", "app-web-1-os");
        const string Access = """{"access":"Read","durationInSeconds":60}""";
        await host.AssertRefusedAsync(409, "OperationNotAllowed", HttpMethod.Post, disk + "/beginGetAccess", StackHost.Disks, Access);
        await host.DoAsync(HttpMethod.Post, vm + "/deallocate", StackHost.Compute);
        Assert.Equal("PowerState/deallocated", (await host.GetAsync(vm + "/instanceView", StackHost.Compute))["statuses"]![1]!["code"]!.GetValue<string>());
        Assert.Equal("Reserved", (await host.GetAsync(disk, StackHost.Disks))["properties"]!["diskState"]!.GetValue<string>());
        await host.GrantAsync(disk);
        await host.AssertRefusedAsync(409, "OperationNotAllowed", HttpMethod.Post, vm + "/start", StackHost.Compute);
        await host.DoAsync(HttpMethod.Post, disk + "/endGetAccess", StackHost.Disks);
        await host.DoAsync(HttpMethod.Post, vm + "/start", StackHost.Compute);
        Assert.Equal("PowerState/running", (await host.GetAsync(vm + "/instanceView", StackHost.Compute))["statuses"]![1]!["code"]!.GetValue<string>());
    }

    [Fact]
    public async Task Machine_ByAttachOfACopiedDisk_IsMade()
    {
        await using StackHost host = await StackHost.StartAsync();
        string nic = await MakeNicAsync(host);
        string disk = await host.MakeDiskAsync("rg", "restored");
        string id = host.Id("rg", "Microsoft.Compute/virtualMachines", "vm");
        await host.AssertRefusedAsync(400, "InvalidParameter", HttpMethod.Put, id, StackHost.Compute, Body(nic, $$$$$"""{"createOption":"Attach","managedDisk":{"id":"{{{{{disk}}}}}"}}"""));
        await host.DoAsync(HttpMethod.Put, id, StackHost.Compute, Body(nic, $$$$$"""{"createOption":"Attach","osType":"Linux","managedDisk":{"id":"{{{{{disk}}}}}"}}"""));
        JsonNode vm = await host.GetAsync(id, StackHost.Compute);
        await host.DoAsync(HttpMethod.Put, id, StackHost.Compute, vm.ToJsonString());
        Assert.Equal(vm["properties"]!["vmId"]!.GetValue<string>(), (await host.GetAsync(id, StackHost.Compute))["properties"]!["vmId"]!.GetValue<string>());
    }

    private static string Body(string nic, string osDisk) => $$$$$"""
        {"location":"local","properties":{"hardwareProfile":{"vmSize":"Standard_DS1_v2"},
         "osProfile":{"computerName":"vm","adminUsername":"ops","adminPassword":"hush"},
         "storageProfile":{"osDisk":{{{{{osDisk}}}}}},"networkProfile":{"networkInterfaces":[{"id":"{{{{{nic}}}}}"}]}}}
        """;

    private static async Task<string> MakeNicAsync(StackHost host)
    {
        await host.MakeGroupAsync("rg");
        string network = host.Id("rg", "Microsoft.Network/virtualNetworks", "vnet");
        await host.DoAsync(HttpMethod.Put, network, StackHost.Network, """{"location":"local","properties":{"addressSpace":{"addressPrefixes":["10.0.0.0/16"]},"subnets":[{"name":"a","properties":{"addressPrefix":"10.0.0.0/24"}}]}}""");
        string nic = host.Id("rg", "Microsoft.Network/networkInterfaces", "nic");
        await host.DoAsync(HttpMethod.Put, nic, StackHost.Network, $$$$$"""{"location":"local","properties":{"ipConfigurations":[{"name":"ip","properties":{"subnet":{"id":"{{{{{network}}}}}/subnets/a"}}}]}}""");
        return nic;
    }
}
