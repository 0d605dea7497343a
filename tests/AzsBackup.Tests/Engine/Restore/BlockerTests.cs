using System.Text.Json;
using System.Text.Json.Nodes;
using AzsBackup.Emulator.Hosting;
using AzsBackup.Engine.Rebuild;
using AzsBackup.Engine.Restore;
using AzsBackup.Engine.Stacks;
using AzsBackup.Model;
using Xunit;

namespace AzsBackup.Tests.Engine.Restore;

/// <summary>What stands in the way is named, all of it, and nothing is made.</summary>
public sealed class BlockerTests(RestoreScene scene) : IClassFixture<RestoreScene>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Plan_BareStackAndWrongSize_NamesEverythingAtOnce()
    {
        await using var target = await EmulatedStackClient.StartAsync(new EmulatedStackOptions { Region = "east" });
        var options = RestoreScene.To(target, "app");
        options = options with { Map = options.Map with { VmSize = "Standard_NC24" }, Disks = new() { Include = ["0"] } };

        await AssertBlockedAsync(target, "app-web-1", options, "OsDiskMissing", "SizeNotOffered", "SubnetMissing");
    }

    [Fact]
    public async Task Plan_NoRoomInTheQuota_SaysHowMuchIsMissing()
    {
        await using var target = await RestoreScene.StartEmptyAsync(new EmulatedStackOptions { ComputeQuotas = new Dictionary<string, int> { ["cores"] = 0, ["virtualMachines"] = 0 } });

        var blockers = await AssertBlockedAsync(target, "app-web-1", RestoreScene.To(target, "app"), "QuotaExceeded", "QuotaExceeded");

        Assert.Contains(blockers, blocker => blocker.Message.Contains("vCPUs", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Plan_ReaderOnly_NamesTheMissingActions()
    {
        await using var target = await EmulatedStackClient.StartAsync(new EmulatedStackOptions { Estate = "sample", Role = "Reader" });

        var plan = await scene.Restore(target.Stack).PlanAsync(scene.Point("app-web-1"), RestoreScene.To(target, "contoso-app", "copy"), Ct);

        Assert.All(plan.Blockers, blocker => Assert.Equal("PermissionMissing", blocker.ErrorId));
        foreach (var action in new[] { "Microsoft.Compute/disks/write", "Microsoft.Compute/virtualMachines/write", "Microsoft.Storage/storageAccounts/listKeys/action", "Microsoft.Network/networkInterfaces/write" })
        {
            Assert.Contains(plan.Blockers, blocker => blocker.Message.Contains(action, StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task Plan_OriginalIsThere_NamesEachNameThatIsTaken()
    {
        var blockers = await AssertBlockedAsync(
            scene.Source, "app-web-1", RestoreScene.To(scene.Source, "contoso-app"), "NameTaken", "NameTaken", "NameTaken", "NameTaken");

        string[] taken = ["app-web-1", "app-web-1-data", "app-web-1-nic", "app-web-1-os"];
        Assert.Equal(taken, blockers.Select(blocker => ResourceId.Parse(blocker.Target!).Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Plan_StaticAddressTaken_IsABlockerUnlessAnotherWillDo()
    {
        var options = RestoreScene.To(scene.Source, "copies", "db-copy") with { Unmanaged = false };
        await AssertBlockedAsync(scene.Source, "db-1", options, "PrivateAddressTaken");

        var plan = await scene.Restore(scene.Source.Stack).PlanAsync(
            scene.Point("db-1"), options with { Map = options.Map with { NewAddresses = true } }, Ct);

        Assert.Empty(plan.Blockers);
        Assert.Contains(plan.Differences, difference => difference.Contains("10.20.2.4", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("ReadOnly", false, true)]
    [InlineData("CanNotDelete", false, false)]
    [InlineData("CanNotDelete", true, true)]
    public async Task Plan_LockedGroup_IsABlockerWhereItMatters(string level, bool inPlace, bool blocks)
    {
        await using var own = new RestoreScene();
        await own.InitializeAsync();
        var source = own.Source;
        var id = ResourceId.Parse($"/subscriptions/{source.Subscription}/resourceGroups/contoso-app/providers/Microsoft.Authorization/locks/keep");
        await source.Stack.Resources.PutAsync(id, new JsonObject { ["properties"] = new JsonObject { ["level"] = level } }, Ct);

        var blockers = inPlace
            ? (await own.InPlace(source.Stack).PlanAsync(own.Point("app-web-1"), RestoreScene.To(source, "contoso-app"), Ct)).Blockers
            : (await own.Restore(source.Stack).PlanAsync(own.Point("app-web-1"), RestoreScene.To(source, "contoso-app", "copy"), Ct)).Blockers;

        Assert.Equal(blocks, blockers.Any(blocker => blocker.ErrorId == "ScopeLocked"));
        Assert.All(blockers, blocker => Assert.Equal("ScopeLocked", blocker.ErrorId));
    }

    [Fact]
    public async Task Rebuild_DiskTooLargeTooManyAndPlanUnknown_IsSaid()
    {
        await using var target = await RestoreScene.StartEmptyAsync();
        var body = (await scene.Source.Stack.Resources.GetAsync(scene.Source.Id("contoso-app", RestoreScene.Compute, "app-web-1"), Ct)).Json;
        var planned = JsonNode.Parse(body.GetRawText())!.AsObject();
        planned["plan"] = new JsonObject { ["publisher"] = "contoso", ["product"] = "firewall", ["name"] = "byol" };
        planned["properties"]!["storageProfile"]!.AsObject().Remove("imageReference");
        planned["properties"]!["networkProfile"]!["networkInterfaces"]!.AsArray().Clear();
        var id = scene.Source.Id("contoso-app", RestoreScene.Compute, "app-web-1");
        var vm = CapturedVm.Read([JsonSerializer.SerializeToUtf8Bytes(planned)], id, scene.Source.Stack.HostName);
        var map = RestoreScene.To(target, "app").Map with { VmSize = "Standard_DS1_v2" };
        var disks = Enumerable.Range(-1, 6).Select(lun => new RebuildDisk
        {
            Lun = lun < 0 ? null : lun,
            SizeBytes = (lun == 2 ? 1024L : 1L) << 30,
            ManagedDisk = target.Id("app", RestoreScene.Disk, $"d{lun + 1}"),
        }).ToList();

        var plan = await new VmRebuild(target.Stack, scene.Log).PlanAsync(vm, map, disks, Ct);

        Assert.Equal(["DiskTooLarge", "ImagePlanMissing", "TooManyDisks"], plan.Blockers.Select(blocker => blocker.ErrorId).Order(StringComparer.Ordinal));
    }

    private async Task<IReadOnlyList<AzsException>> AssertBlockedAsync(EmulatedStackClient target, string vm, StackRestoreOptions options, params string[] errorIds)
    {
        var before = await target.DumpAsync();
        var restore = scene.Restore(target.Stack);
        var plan = await restore.PlanAsync(scene.Point(vm), options, Ct);
        Assert.Equal(errorIds, plan.Blockers.Select(blocker => blocker.ErrorId).Order(StringComparer.Ordinal));
        Assert.All(plan.Blockers, blocker => Assert.NotEmpty(blocker.NextStep));
        var refused = await Assert.ThrowsAsync<AzsException>(() => restore.RunAsync(plan, Ct));
        Assert.Equal(plan.Blockers[0].ErrorId, refused.ErrorId);
        Assert.Equal(before, await target.DumpAsync());
        return plan.Blockers;
    }
}
