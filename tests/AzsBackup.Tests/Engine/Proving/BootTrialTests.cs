using AzsBackup.Engine.Backup.Quiescing;
using AzsBackup.Engine.Disks;
using AzsBackup.Engine.Proving;
using AzsBackup.Engine.Running;
using AzsBackup.Engine.Stacks;
using AzsBackup.Model;
using AzsBackup.Tests.Engine.Restore;
using Xunit;

namespace AzsBackup.Tests.Engine.Proving;

public sealed class BootTrialTests(RestoreScene scene) : IClassFixture<RestoreScene>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("app-web-1", null)]
    [InlineData("db-1", "drills")]
    public async Task Run_AnyVm_ComesUpInIsolationAndLeavesNothing(string vm, string? group)
    {
        await using var target = await RestoreScene.StartEmptyAsync();
        if (group is not null) await RestoreScene.PutAsync(target, ResourceId.CreateGroup(target.Subscription, group), []);
        var before = await target.DumpAsync();
        var seen = new SeenVm(target.Stack);

        var result = await Trial(target, new BootOptions { ResourceGroupName = group, Until = seen }).RunAsync(scene.Point(vm), Ct);

        Assert.True(result is { Failure: null, RecoveryTime: { Ticks: > 0 } });
        Assert.Equal(before, await target.DumpAsync());
        Assert.Equal(["192.168.251.4"], seen.Addresses);
        Assert.Equal(["Deny", "Deny"], seen.Rules);
        Assert.StartsWith("azsbackup-drill-", seen.Name, StringComparison.Ordinal);
        Assert.Equal(0, seen.PublicAddresses);
    }

    [Fact]
    public async Task Run_Agent_IsWaitedFor()
    {
        await using var target = await RestoreScene.StartEmptyAsync();
        var result = await Trial(target, new BootOptions()).RunAsync(scene.Point("app-web-1"), Ct);
        Assert.Null(result.Failure);
    }

    [Fact]
    public async Task Run_NeverComesUp_IsAResultThatSaysWhyAndLeavesNothing()
    {
        await using var target = await RestoreScene.StartEmptyAsync();
        var before = await target.DumpAsync();

        var result = await Trial(target, new BootOptions { Until = new NeverUp(), Patience = TimeSpan.FromMilliseconds(300) }).RunAsync(scene.Point("app-web-1"), Ct);

        Assert.Null(result.RecoveryTime);
        Assert.Contains("No answer yet.", result.Failure, StringComparison.Ordinal);
        Assert.Equal(before, await target.DumpAsync());
    }

    [Fact]
    public async Task Run_Cancelled_LeavesNothing()
    {
        await using var target = await RestoreScene.StartEmptyAsync();
        var before = await target.DumpAsync();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Ct);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Trial(target, new BootOptions { Until = new Stopper(stop) }).RunAsync(scene.Point("app-web-1"), stop.Token));

        Assert.Equal(before, await target.DumpAsync());
    }

    [Fact]
    public async Task Run_GroupInUse_IsRefusedAndNotTouched()
    {
        await using var target = await RestoreScene.StartEmptyAsync();
        var before = await target.DumpAsync();
        var refusal = await Assert.ThrowsAsync<AzsException>(() => Trial(target, new BootOptions { ResourceGroupName = "contoso-network" }).RunAsync(scene.Point("app-web-1"), Ct));
        Assert.Equal("DrillGroupNotEmpty", refusal.ErrorId);
        Assert.Equal(before, await target.DumpAsync());
    }

    private BootTrial Trial(EmulatedStackClient target, BootOptions options) =>
        new(scene.Restore(target.Stack), target.Stack, options with { Interval = TimeSpan.FromMilliseconds(20) }, TimeProvider.System, new RandomRunIdSource(), scene.Log);

    private sealed class NeverUp : IGuestScript
    {
        public Task RunAsync(VmDescription vm, CancellationToken cancellationToken) => throw new AzsException(AzsErrorKind.RemoteFailed, "UntilFailed", "No answer yet.", "Wait.");
    }

    private sealed class Stopper(CancellationTokenSource stop) : IGuestScript
    {
        public async Task RunAsync(VmDescription vm, CancellationToken cancellationToken)
        {
            await stop.CancelAsync();
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    /// <summary>Looks at the VM while it is there.</summary>
    private sealed class SeenVm(IStack stack) : IGuestScript
    {
        public string Name { get; private set; } = "";

        public List<string?> Addresses { get; } = [];

        public List<string?> Rules { get; } = [];

        public int PublicAddresses { get; private set; }

        public async Task RunAsync(VmDescription vm, CancellationToken cancellationToken)
        {
            Name = vm.Name;
            await foreach (var resource in stack.Resources.ListAsync($"/subscriptions/{vm.Id.SubscriptionId}/resourceGroups/{vm.Id.ResourceGroupName}/resources", "Microsoft.Resources/resources", cancellationToken))
            {
                if (resource.Id.IsOfType(RestoreScene.Compute) || resource.Id.IsOfType(RestoreScene.Disk) || resource.Id.IsOfType(RestoreScene.Nic))
                    Assert.Contains("azsbackup-drill-", resource.Id.Name, StringComparison.Ordinal);
                PublicAddresses += resource.Id.IsOfType("Microsoft.Network/publicIPAddresses") ? 1 : 0;
                var body = await stack.Resources.GetAsync(resource.Id, cancellationToken);
                if (resource.Id.IsOfType(RestoreScene.Nic))
                    Addresses.Add(body.Find("properties", "ipConfigurations")!.Value[0].GetProperty("properties").GetProperty("privateIPAddress").GetString());
                if (resource.Id.IsOfType("Microsoft.Network/networkSecurityGroups") && resource.Id.Name.StartsWith("azsbackup-drill-", StringComparison.Ordinal))
                    Rules.AddRange(body.Find("properties", "securityRules")!.Value.EnumerateArray().Select(rule => rule.GetProperty("properties").GetProperty("access").GetString()));
            }
        }
    }
}
