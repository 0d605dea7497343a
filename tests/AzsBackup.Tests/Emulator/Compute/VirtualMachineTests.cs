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
        MachineScene scene = await MachineScene.CreateAsync(host);
        string nic = await scene.MakeInterfaceAsync();
        string id = await scene.MakeMachineAsync("vm", MachineScene.Body(nic));
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
            MachineScene.Body(host.Id("rg", "Microsoft.Network/networkInterfaces", "none")));
        Assert.Empty((await host.GetAsync(host.Subscription + "/providers/Microsoft.Compute/disks", StackHost.Disks))["value"]!.AsArray());
    }

    [Fact]
    public async Task Machine_OtherOsDisk_IsRefusedAndOtherDataDisksAreTaken()
    {
        await using StackHost host = await StackHost.StartAsync(new EmulatedStackOptions { Estate = "sample" });
        string vm = host.Id(Sample, "Microsoft.Compute/virtualMachines", "app-web-1");
        await host.DoAsync(HttpMethod.Post, vm + "/deallocate", StackHost.Compute);
        foreach (string slot in (string[])["os", "data"])
        {
            await host.DoAsync(HttpMethod.Put, host.Id(Sample, "Microsoft.Compute/disks", "copy-" + slot), StackHost.Disks,
                $$$$$"""{"location":"local","properties":{"creationData":{"createOption":"Copy","sourceResourceId":"{{{{{host.Id(Sample, "Microsoft.Compute/disks", "app-web-1-" + slot)}}}}}"}}}""");
        }

        JsonNode body = await host.GetAsync(vm, StackHost.Compute);
        body["properties"]!["storageProfile"]!["dataDisks"]![0]!["managedDisk"]!["id"] = host.Id(Sample, "Microsoft.Compute/disks", "copy-data");
        body["properties"]!["storageProfile"]!["dataDisks"]![0]!["name"] = "copy-data";
        await host.DoAsync(HttpMethod.Put, vm, StackHost.Compute, body.ToJsonString());
        body["properties"]!["storageProfile"]!["osDisk"]!["managedDisk"]!["id"] = host.Id(Sample, "Microsoft.Compute/disks", "copy-os");
        await host.AssertRefusedAsync(409, "PropertyChangeNotAllowed", HttpMethod.Put, vm, StackHost.Compute, body.ToJsonString());
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
        MachineScene scene = await MachineScene.CreateAsync(host);
        string nic = await scene.MakeInterfaceAsync();
        string disk = await host.MakeDiskAsync("rg", "restored");
        string withoutType = MachineScene.AttachBody(nic, disk).Replace("\"osType\":\"Linux\",", "", StringComparison.Ordinal);
        await host.AssertRefusedAsync(400, "InvalidParameter", HttpMethod.Put, scene.MachineId("vm"), StackHost.Compute, withoutType);
        string id = await scene.MakeMachineAsync("vm", MachineScene.AttachBody(nic, disk));
        JsonNode vm = await host.GetAsync(id, StackHost.Compute);
        await host.DoAsync(HttpMethod.Put, id, StackHost.Compute, vm.ToJsonString());
        Assert.Equal(vm["properties"]!["vmId"]!.GetValue<string>(), (await host.GetAsync(id, StackHost.Compute))["properties"]!["vmId"]!.GetValue<string>());
    }

    [Theory]
    [InlineData("deallocate", "deallocating", "deallocated")]
    [InlineData("powerOff", "stopping", "stopped")]
    [InlineData("restart", "running", "running")]
    [InlineData("redeploy", "running", "running")]
    public async Task Machine_Action_IsSeenOnTheWayAndAtTheEnd(string action, string meanwhile, string then)
    {
        await using StackHost host = await StackHost.StartAsync();
        MachineScene scene = await MachineScene.CreateAsync(host);
        string id = await scene.MakeMachineAsync("vm");
        HttpResponseMessage response = await host.SendAsync(HttpMethod.Post, $"{id}/{action}", StackHost.Compute);
        Assert.Equal((202, true, true), ((int)response.StatusCode, response.Headers.Contains("Azure-AsyncOperation"), response.Headers.Location is not null));
        Assert.Equal(meanwhile, await scene.PowerAsync(id));
        Assert.Equal("Updating", (await host.GetAsync(id, StackHost.Compute))["properties"]!["provisioningState"]!.GetValue<string>());
        host.Stack.AdvanceClock(TimeSpan.FromSeconds(1));
        Assert.Equal(then, await scene.PowerAsync(id));
        Assert.Equal("Succeeded", (await host.GetAsync(id, StackHost.Compute))["properties"]!["provisioningState"]!.GetValue<string>());
    }

    [Fact]
    public async Task Machine_Deallocated_CannotRestartButStaysSoWhenPoweredOff()
    {
        await using StackHost host = await StackHost.StartAsync();
        MachineScene scene = await MachineScene.CreateAsync(host);
        string id = await scene.MakeMachineAsync("vm");
        await host.DoAsync(HttpMethod.Post, id + "/deallocate", StackHost.Compute);
        await host.AssertRefusedAsync(409, "OperationNotAllowed", HttpMethod.Post, id + "/restart", StackHost.Compute);
        await host.DoAsync(HttpMethod.Post, id + "/powerOff", StackHost.Compute);
        Assert.Equal("deallocated", await scene.PowerAsync(id));
        await host.DoAsync(HttpMethod.Post, id + "/start", StackHost.Compute);
        Assert.Equal("running", await scene.PowerAsync(id));
    }

    [Fact]
    public async Task Machine_DataDisk_IsAttachedAndDetachedByPutAndPatch()
    {
        await using StackHost host = await StackHost.StartAsync();
        MachineScene scene = await MachineScene.CreateAsync(host);
        string id = await scene.MakeMachineAsync("vm");
        string disk = await host.MakeDiskAsync("rg", "data");
        JsonNode vm = await host.GetAsync(id, StackHost.Compute);
        vm["properties"]!["storageProfile"]!["dataDisks"]!.AsArray().Add(JsonNode.Parse($$$$$"""{"lun":3,"createOption":"Attach","managedDisk":{"id":"{{{{{disk}}}}}"}}"""));
        await host.DoAsync(HttpMethod.Put, id, StackHost.Compute, vm.ToJsonString());
        Assert.Equal(("Attached", id), await StateAsync(host, disk));
        await host.AssertRefusedAsync(409, "OperationNotAllowed", HttpMethod.Delete, disk, StackHost.Disks);
        await host.AssertRefusedAsync(409, "ConflictingUserInput", HttpMethod.Put, scene.MachineId("other"), StackHost.Compute, MachineScene.AttachBody(await scene.MakeInterfaceAsync(), disk));
        await host.DoAsync(HttpMethod.Patch, id, StackHost.Compute, """{"properties":{"storageProfile":{"dataDisks":[]}}}""");
        Assert.Equal(("Unattached", null), await StateAsync(host, disk));
        await host.DoAsync(HttpMethod.Delete, disk, StackHost.Disks);
    }

    [Theory]
    [InlineData(64, 1, 400, "InvalidParameter")]
    [InlineData(0, 5, 409, "OperationNotAllowed")]
    public async Task Machine_DataDisksBeyondItsSize_AreRefused(int firstLun, int count, int status, string code)
    {
        await using StackHost host = await StackHost.StartAsync();
        MachineScene scene = await MachineScene.CreateAsync(host);
        string disks = string.Join(',', Enumerable.Range(firstLun, count).Select(lun => $$"""{"lun":{{lun}},"createOption":"Empty","diskSizeGB":1}"""));
        string body = MachineScene.Body(await scene.MakeInterfaceAsync()).Replace("""{"createOption":"FromImage"}""", $$"""{"createOption":"FromImage"},"dataDisks":[{{disks}}]""", StringComparison.Ordinal);
        await host.AssertRefusedAsync(status, code, HttpMethod.Put, scene.MachineId("vm"), StackHost.Compute, body);
        Assert.Empty((await host.GetAsync(host.Subscription + "/providers/Microsoft.Compute/disks", StackHost.Disks))["value"]!.AsArray());
    }

    [Theory]
    [InlineData("""{"properties":{"osProfile":{"computerName":"other"}}}""")]
    [InlineData("""{"properties":{"storageProfile":{"imageReference":{"offer":"WindowsServer"}}}}""")]
    [InlineData("""{"properties":{"availabilitySet":{"id":"/subscriptions/s/resourceGroups/rg/providers/Microsoft.Compute/availabilitySets/late"}}}""")]
    public async Task Machine_WhatIsFixed_CannotChange(string patch)
    {
        await using StackHost host = await StackHost.StartAsync();
        MachineScene scene = await MachineScene.CreateAsync(host);
        string id = await scene.MakeMachineAsync("vm");
        await host.AssertRefusedAsync(409, "PropertyChangeNotAllowed", HttpMethod.Patch, id, StackHost.Compute, patch);
    }

    [Fact]
    public async Task Machine_PutWithoutItsProfile_KeepsIt()
    {
        await using StackHost host = await StackHost.StartAsync();
        MachineScene scene = await MachineScene.CreateAsync(host);
        string id = await scene.MakeMachineAsync("vm");
        JsonNode vm = await host.GetAsync(id, StackHost.Compute);
        Assert.Equal("18.04.202306070", vm["properties"]!["storageProfile"]!["imageReference"]!["exactVersion"]!.GetValue<string>());
        JsonNode asked = vm.DeepClone();
        asked["properties"]!.AsObject().Remove("osProfile");
        asked["properties"]!["storageProfile"]!.AsObject().Remove("imageReference");
        await host.DoAsync(HttpMethod.Put, id, StackHost.Compute, asked.ToJsonString());
        Assert.True(JsonNode.DeepEquals(vm, await host.GetAsync(id, StackHost.Compute)));
    }

    [Fact]
    public async Task Machine_Quota_IsEnforcedAndShown()
    {
        await using StackHost host = await StackHost.StartAsync(new EmulatedStackOptions { ComputeQuotas = new Dictionary<string, int> { ["cores"] = 3 } });
        MachineScene scene = await MachineScene.CreateAsync(host);
        string id = await scene.MakeMachineAsync("vm", MachineScene.Body(await scene.MakeInterfaceAsync(), size: "Standard_DS2_v2"));
        await host.AssertRefusedAsync(409, "OperationNotAllowed", HttpMethod.Put, scene.MachineId("vm2"), StackHost.Compute, MachineScene.Body(await scene.MakeInterfaceAsync(), size: "Standard_DS2_v2"));
        await host.AssertRefusedAsync(409, "OperationNotAllowed", HttpMethod.Patch, id, StackHost.Compute, """{"properties":{"hardwareProfile":{"vmSize":"Standard_DS3_v2"}}}""");
        await host.DoAsync(HttpMethod.Patch, id, StackHost.Compute, """{"properties":{"hardwareProfile":{"vmSize":"Standard_DS1_v2"}}}""");
        JsonNode usages = await host.GetAsync(host.Subscription + "/providers/Microsoft.Compute/locations/local/usages", StackHost.Compute);
        JsonNode cores = usages["value"]!.AsArray().Single(usage => usage!["name"]!["value"]!.GetValue<string>() == "cores")!;
        Assert.Equal((1, 3), (cores["currentValue"]!.GetValue<int>(), cores["limit"]!.GetValue<int>()));
    }

    [Fact]
    public async Task Machine_UnlistedImage_IsRefusedWhereOnlyListedOnesAre()
    {
        await using StackHost host = await StackHost.StartAsync(new EmulatedStackOptions { AllowUnlistedImages = false });
        MachineScene scene = await MachineScene.CreateAsync(host);
        string body = MachineScene.Body(await scene.MakeInterfaceAsync());
        await host.AssertRefusedAsync(404, "PlatformImageNotFound", HttpMethod.Put, scene.MachineId("vm"), StackHost.Compute, body.Replace("18.04-LTS", "4.10", StringComparison.Ordinal));
        await host.AssertRefusedAsync(400, "ResizeDiskError", HttpMethod.Put, scene.MachineId("vm"), StackHost.Compute, body.Replace("""{"createOption":"FromImage"}""", """{"createOption":"FromImage","diskSizeGB":8}""", StringComparison.Ordinal));
        await scene.MakeMachineAsync("vm", body);
    }

    [Fact]
    public async Task Extension_NeedsARunningMachineAndHidesItsSecrets()
    {
        const string Script = """{"location":"local","properties":{"publisher":"Microsoft.Azure.Extensions","type":"CustomScript","typeHandlerVersion":"2.0","settings":{"a":1},"protectedSettings":{"commandToExecute":"hush"}}}""";
        await using StackHost host = await StackHost.StartAsync();
        MachineScene scene = await MachineScene.CreateAsync(host);
        string id = await scene.MakeMachineAsync("vm");
        await host.DoAsync(HttpMethod.Put, id + "/extensions/script", StackHost.Compute, Script);
        JsonNode shown = await StackHost.JsonAsync(await host.SendUrlAsync(HttpMethod.Get, $"{id}/extensions/script?$expand=instanceView&api-version={StackHost.Compute}"));
        Assert.DoesNotContain("hush", shown.ToJsonString(), StringComparison.Ordinal);
        Assert.Equal("Microsoft.Azure.Extensions.CustomScript", shown["properties"]!["instanceView"]!["type"]!.GetValue<string>());
        Assert.Single((await host.GetAsync(id + "/instanceView", StackHost.Compute))["vmAgent"]!["extensionHandlers"]!.AsArray());
        await host.DoAsync(HttpMethod.Post, id + "/deallocate", StackHost.Compute);
        await host.AssertRefusedAsync(409, "OperationNotAllowed", HttpMethod.Put, id + "/extensions/script", StackHost.Compute, Script);
    }

    [Fact]
    public async Task AvailabilitySet_ShowsItsMachinesAndCannotGoBeforeThem()
    {
        await using StackHost host = await StackHost.StartAsync();
        MachineScene scene = await MachineScene.CreateAsync(host);
        string set = host.Id("rg", "Microsoft.Compute/availabilitySets", "set");
        await host.DoAsync(HttpMethod.Put, set, StackHost.Compute, """{"location":"local","sku":{"name":"Aligned"},"properties":{"platformFaultDomainCount":2,"platformUpdateDomainCount":5}}""");
        string id = await scene.MakeMachineAsync("vm", MachineScene.Body(await scene.MakeInterfaceAsync(), more: $$$$$""" "availabilitySet":{"id":"{{{{{set}}}}}"},"""));
        Assert.Equal(id, (await host.GetAsync(set, StackHost.Compute))["properties"]!["virtualMachines"]!.AsArray().Single()!["id"]!.GetValue<string>());
        await host.AssertRefusedAsync(409, "OperationNotAllowed", HttpMethod.Delete, set, StackHost.Compute);
        await host.DoAsync(HttpMethod.Delete, id, StackHost.Compute);
        await host.DoAsync(HttpMethod.Delete, set, StackHost.Compute);
    }

    [Theory]
    [InlineData("Standard_LRS", false)]
    [InlineData("Premium_LRS", true)]
    public async Task Disk_OfARunningMachine_CannotBeResizedOrRetyped(string sku, bool isRefusedAtOnce)
    {
        await using StackHost host = await StackHost.StartAsync();
        MachineScene scene = await MachineScene.CreateAsync(host);
        string disk = await host.MakeDiskAsync("rg", "os");
        string id = await scene.MakeMachineAsync("vm", MachineScene.AttachBody(await scene.MakeInterfaceAsync(), disk));
        await host.AssertRefusedAsync(409, "OperationNotAllowed", HttpMethod.Patch, disk, StackHost.Disks, """{"properties":{"diskSizeGB":2}}""");
        string retype = $$$"""{"sku":{"name":"{{{sku}}}"}}""";
        if (isRefusedAtOnce)
            await host.AssertRefusedAsync(409, "OperationNotAllowed", HttpMethod.Patch, disk, StackHost.Disks, retype);
        await host.DoAsync(HttpMethod.Post, id + "/deallocate", StackHost.Compute);
        await host.DoAsync(HttpMethod.Patch, disk, StackHost.Disks, """{"properties":{"diskSizeGB":2},"tags":{"a":"b"}}""");
        await host.DoAsync(HttpMethod.Patch, disk, StackHost.Disks, retype);
        JsonNode changed = await host.GetAsync(disk, StackHost.Disks);
        Assert.Equal((2, sku, "b"), (changed["properties"]!["diskSizeGB"]!.GetValue<int>(), changed["sku"]!["name"]!.GetValue<string>(), changed["tags"]!["a"]!.GetValue<string>()));
    }

    private static async Task<(string State, string? ManagedBy)> StateAsync(StackHost host, string disk)
    {
        JsonNode body = await host.GetAsync(disk, StackHost.Disks);
        return (body["properties"]!["diskState"]!.GetValue<string>(), body["managedBy"]?.GetValue<string>());
    }
}
