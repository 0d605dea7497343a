using AzsBackup.Engine.Rebuild;
using AzsBackup.Engine.Restore;
using AzsBackup.Engine.Stacks;
using AzsBackup.Model;
using Xunit;

namespace AzsBackup.Tests.Engine.Restore;

public sealed class VmInPlaceRestoreTests(RestoreScene scene) : IClassFixture<RestoreScene>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("app-web-1", "", 2)]
    [InlineData("app-web-2", "0", 1)]
    [InlineData("db-1", "", 2)]
    public async Task Run_ThenUndone_ReplacesTheDisksAndGoesBackToTheOldOnes(string vm, string include, int count)
    {
        var before = await DisksAsync(vm);

        var restored = await RestoreAsync(scene.Source.Stack, vm, include);

        var now = await DisksAsync(vm);
        Assert.Equal(count, now.Except(before).Count());
        foreach (var disk in restored.Disks)
        {
            Assert.Equal(scene.HashOf(scene.Point(vm).Disks.Single(other => other.Lun == disk.Lun)), await scene.Source.HashAsync(disk.DiskId!));
            Assert.Contains(disk.ReplacedDiskId, before);
        }

        Assert.Equal("running", await PowerAsync(vm));
        var completion = new RestoreCompletion(scene.Source.Stack, TimeProvider.System, scene.Log);
        await completion.UndoAsync(Id(vm), await completion.FindAsync(Id(vm), restored.Disks, Ct), Ct);
        Assert.Equal(before, await DisksAsync(vm));
        Assert.Equal("running", await PowerAsync(vm));
        foreach (var disk in restored.Disks) await Assert.ThrowsAsync<HttpRequestException>(() => scene.Source.HashAsync(disk.DiskId!));
        Assert.Equal("NothingToComplete", (await Assert.ThrowsAsync<AzsException>(() => completion.FindAsync(Id(vm), [], Ct))).ErrorId);
    }

    [Fact]
    public async Task Run_Twice_IsRefusedUntilTheFirstIsCompleted()
    {
        await using var other = new RestoreScene();
        await other.InitializeAsync();
        var stack = other.Source.Stack;
        var id = other.Source.Id("contoso-app", RestoreScene.Compute, "app-web-1");
        var restored = await RestoreAsync(other, stack, "app-web-1", "");

        var plan = await NewRestore(other, stack).PlanAsync(other.Point("app-web-1"), Options(""), Ct);
        Assert.Equal("RestoreNotCompleted", Assert.Single(plan.Blockers).ErrorId);

        var completion = new RestoreCompletion(stack, TimeProvider.System, other.Log);
        await completion.CompleteAsync(await completion.FindAsync(id, restored.Disks, Ct), Ct);
        foreach (var disk in restored.Disks) await Assert.ThrowsAsync<HttpRequestException>(() => other.Source.HashAsync(disk.ReplacedDiskId!));
        Assert.Empty((await NewRestore(other, stack).PlanAsync(other.Point("app-web-1"), Options(""), Ct)).Blockers);
    }

    [Fact]
    public async Task Run_VmGone_IsMadeAgainWithItsInterfaces()
    {
        await using var other = new RestoreScene();
        await other.InitializeAsync();
        var id = other.Source.Id("contoso-app", RestoreScene.Compute, "app-web-2");
        await other.Source.Stack.Resources.DeleteAsync(id, Ct);

        var restored = await RestoreAsync(other, other.Source.Stack, "app-web-2", "");

        var vm = await other.Source.Stack.Resources.GetAsync(id, Ct);
        Assert.Equal(restored.Disks[0].DiskId, vm.FindText("properties", "storageProfile", "osDisk", "managedDisk", "id"));
        Assert.EndsWith("/app-web-2-nic", vm.Find("properties", "networkProfile", "networkInterfaces")!.Value[0].GetProperty("id").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Plan_PointOfAnotherStack_IsRefused()
    {
        await using var target = await RestoreScene.StartEmptyAsync();

        var failure = await Assert.ThrowsAsync<AzsException>(() => scene.InPlace(target.Stack).PlanAsync(scene.Point("app-web-1"), Options(""), Ct));

        Assert.Equal("PointOfOtherStack", failure.ErrorId);
    }

    [Theory]
    [InlineData("app-web-1", "")]
    [InlineData("app-web-2", "0")]
    public async Task Run_FailedAfterAnyRequest_LeavesTheVmAsItWas(string vm, string include)
    {
        var before = await scene.Source.DumpAsync();
        var disks = await DisksAsync(vm);
        for (var step = 1; ; step++)
        {
            var stack = new InterruptedStack(scene.Source.Stack);
            var restore = NewRestore(scene, stack);
            var plan = await restore.PlanAsync(scene.Point(vm), Options(include), Ct);
            Assert.Empty(plan.Blockers);
            var at = stack.Requests + step;
            stack.OnAnswer = number =>
            {
                if (number == at) throw new AzsException(AzsErrorKind.RemoteFailed, "Injected", "Injected.", "None.");
            };
            var failure = await Record.ExceptionAsync(() => restore.RunAsync(plan, Ct));
            Assert.True(failure is null or AzsException { ErrorId: "Injected" }, $"step {step}: {failure}");
            if (failure is null)
            {
                var completion = new RestoreCompletion(scene.Source.Stack, TimeProvider.System, scene.Log);
                await completion.UndoAsync(Id(vm), await completion.FindAsync(Id(vm), [], Ct), Ct);
            }

            Assert.Equal(disks, await DisksAsync(vm));
            Assert.Equal("running", await PowerAsync(vm));
            var after = await scene.Source.DumpAsync();
            Assert.True(before.Keys.Where(IsNoExtension).SequenceEqual(after.Keys.Where(IsNoExtension)), $"step {step}: {string.Join(", ", after.Keys.Except(before.Keys))} {string.Join('\n', scene.Log.Warnings)}");
            if (stack.Requests < at) break;
        }
    }

    // The sample's one extension runs a script: it is not installed again on a VM that is made anew.
    private static bool IsNoExtension(string id) => !id.Contains("/extensions/", StringComparison.OrdinalIgnoreCase);

    private static VmInPlaceRestore NewRestore(RestoreScene scene, IStack stack) => scene.InPlace(stack);

    private static StackRestoreOptions Options(string include) => new()
    {
        Map = new VmMap { SubscriptionId = "", ResourceGroupName = "" },
        Disks = new() { Include = include.Length == 0 ? [] : [include] },
    };

    private static async Task<AzsVmRestore> RestoreAsync(RestoreScene scene, IStack stack, string vm, string include)
    {
        var restore = NewRestore(scene, stack);
        var plan = await restore.PlanAsync(scene.Point(vm), Options(include), Ct);
        Assert.True(plan.Blockers.Count == 0, string.Join('\n', plan.Blockers.Select(blocker => blocker.Message)));
        return await restore.RunAsync(plan, Ct);
    }

    private Task<AzsVmRestore> RestoreAsync(IStack stack, string vm, string include) => RestoreAsync(scene, stack, vm, include);

    private ResourceId Id(string vm) => scene.Source.Id("contoso-app", RestoreScene.Compute, vm);

    private async Task<string> PowerAsync(string vm)
    {
        var view = await scene.Source.Stack.Resources.GetWithInstanceViewAsync(Id(vm), Ct);
        return view.Find("properties", "instanceView", "statuses")!.Value.EnumerateArray()
            .Select(status => status.GetProperty("code").GetString()!).Single(code => code.StartsWith("PowerState/", StringComparison.Ordinal))["PowerState/".Length..];
    }

    private async Task<List<string>> DisksAsync(string vm) =>
        AzsBackup.Engine.Disks.VmDescription.Describe(await scene.Source.Stack.Resources.GetAsync(Id(vm), Ct)).Disks.Select(disk => disk.Id).ToList();
}
