using System.Text.Json;
using AzsBackup.Engine.Stacks;
using AzsBackup.Model;
using Xunit;

namespace AzsBackup.Tests.Engine.Restore;

public sealed class VmStackRestoreTests(RestoreScene scene) : IClassFixture<RestoreScene>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Run_OtherStack_MakesTheVmWithItsDisksAndNetworkAsTheyWere()
    {
        await using var target = await RestoreScene.StartEmptyAsync();
        var before = await scene.Source.Stack.Resources.GetAsync(scene.Source.Id("contoso-app", RestoreScene.Nic, "app-web-1-nic"), Ct);

        var restored = await scene.RunAsync(target.Stack, "app-web-1", RestoreScene.To(target, "contoso-app"));

        Assert.Equal(target.Id("contoso-app", RestoreScene.Compute, "app-web-1").ToString(), restored.VmId);
        await AssertDisksAsync(target, restored, "app-web-1");
        var vm = await target.Stack.Resources.GetAsync(ResourceId.Parse(restored.VmId!), Ct);
        Assert.Equal("Standard_DS1_v2", vm.FindText("properties", "hardwareProfile", "vmSize"));
        Assert.Equal("web", vm.FindText("tags", "role"));
        Assert.EndsWith("/availabilitySets/web-as", vm.FindText("properties", "availabilitySet", "id"), StringComparison.Ordinal);
        Assert.Equal(restored.Disks[0].DiskId, vm.FindText("properties", "storageProfile", "osDisk", "managedDisk", "id"));
        Assert.Equal("ReadOnly", vm.Find("properties", "storageProfile", "dataDisks")!.Value[0].GetProperty("caching").GetString());
        var nic = await target.Stack.Resources.GetAsync(target.Id("contoso-app", RestoreScene.Nic, "app-web-1-nic"), Ct);
        foreach (var name in new[] { "privateIPAddress", "privateIPAllocationMethod", "privateIPAddressVersion" })
        {
            Assert.Equal(Configuration(before).GetProperty(name).GetString(), Configuration(nic).GetProperty(name).GetString());
        }

        Assert.Contains(restored.Differences, difference => difference.Contains("web-lb", StringComparison.Ordinal));
        await AssertNothingStagedAsync(target);
    }

    [Fact]
    public async Task Run_UnmanagedVm_ComesBackManagedWithItsSecurityGroupAndPublicAddress()
    {
        await using var target = await RestoreScene.StartEmptyAsync();

        var restored = await scene.RunAsync(target.Stack, "db-1", RestoreScene.To(target, "contoso-app") with { Unmanaged = false });

        await AssertDisksAsync(target, restored, "db-1");
        var nic = await target.Stack.Resources.GetAsync(target.Id("contoso-app", RestoreScene.Nic, "db-1-nic"), Ct);
        Assert.Equal("10.20.2.4", Configuration(nic).GetProperty("privateIPAddress").GetString());
        Assert.Equal("Static", Configuration(nic).GetProperty("privateIPAllocationMethod").GetString());
        Assert.EndsWith("/publicIPAddresses/db-admin-ip", Configuration(nic).GetProperty("publicIPAddress").GetProperty("id").GetString(), StringComparison.Ordinal);
        var security = await target.Stack.Resources.GetAsync(ResourceId.Parse(nic.FindText("properties", "networkSecurityGroup", "id")!), Ct);
        var captured = await scene.Source.Stack.Resources.GetAsync(scene.Source.Id("contoso-network", "Microsoft.Network/networkSecurityGroups", "db-nsg"), Ct);
        Assert.Equal(Rules(captured), Rules(security));
    }

    [Fact]
    public async Task Run_SameStackUnderAnotherName_LeavesTheOriginalAlone()
    {
        var before = await scene.Source.DumpAsync();

        var restored = await scene.RunAsync(scene.Source.Stack, "app-web-1", RestoreScene.To(scene.Source, "restored", "copy"));

        await AssertDisksAsync(scene.Source, restored, "app-web-1");
        Assert.Contains(restored.Differences, difference => difference.Contains("does not join", StringComparison.Ordinal));
        var after = await scene.Source.DumpAsync();
        Assert.EndsWith("/disks/copy-os", restored.Disks[0].DiskId, StringComparison.Ordinal);
        Assert.Empty(before.Keys.Except(after.Keys));
        Assert.DoesNotContain(after.Keys, id => id.Contains("azsbackup-restore", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Run_DisksOnlyChosen_MakesThemAlone()
    {
        await using var target = await RestoreScene.StartEmptyAsync();
        var options = RestoreScene.To(target, "disks") with { DisksOnly = true, Disks = new() { Include = ["0"] } };

        var restored = await scene.RunAsync(target.Stack, "app-web-2", options);

        Assert.Null(restored.VmId);
        Assert.Equal(0, Assert.Single(restored.Disks).Lun);
        await AssertDisksAsync(target, restored, "app-web-2");
    }

    private static JsonElement Configuration(ResourceBody nic) => nic.Find("properties", "ipConfigurations")!.Value[0].GetProperty("properties");

    private static IEnumerable<string> Rules(ResourceBody security) => security.Find("properties", "securityRules")!.Value.EnumerateArray()
        .Select(rule => $"{rule.GetProperty("name")} {string.Join(' ', rule.GetProperty("properties").EnumerateObject().OrderBy(part => part.Name, StringComparer.Ordinal))}");

    private async Task AssertDisksAsync(EmulatedStackClient target, AzsVmRestore restored, string vm)
    {
        foreach (var disk in restored.Disks)
        {
            var source = scene.Point(vm).Disks.Single(other => other.Lun == disk.Lun);
            Assert.Equal(scene.HashOf(source), await target.HashAsync(disk.DiskId!));
        }
    }

    private static async Task AssertNothingStagedAsync(EmulatedStackClient target) =>
        Assert.DoesNotContain((await target.DumpAsync()).Keys, id => id.Contains("azsbackup-restore", StringComparison.Ordinal) || id.Contains("storageAccounts", StringComparison.OrdinalIgnoreCase));
}
