using System.Text.Json.Nodes;
using AzsBackup.Engine.Restore;
using AzsBackup.Engine.Stacks;
using AzsBackup.Model;
using Xunit;

namespace AzsBackup.Tests.Engine.Restore;

/// <summary>A restore that fails, or is cancelled, at every single request: nothing of it stays, and nothing else is touched.</summary>
public sealed class BrokenRestoreTests(RestoreScene scene) : IClassFixture<RestoreScene>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("app-web-1", null)]
    [InlineData("db-1", true)]
    public async Task Run_FailedAfterAnyRequest_LeavesNothingBehind(string vm, bool? unmanaged)
    {
        await using var target = await StartAsync();
        var before = await target.DumpAsync();
        var total = await CountAsync(target, vm, unmanaged, before);
        for (var step = 1; step <= total; step++)
        {
            var stack = new InterruptedStack(target.Stack);
            var at = step;
            var plan = await PlanAsync(stack, target, vm, unmanaged);
            var planned = stack.Requests;
            stack.OnAnswer = number =>
            {
                if (number == planned + at) throw new AzsException(AzsErrorKind.RemoteFailed, "Injected", "Injected.", "None.");
            };

            var failure = await Record.ExceptionAsync(() => scene.Restore(stack).RunAsync(plan, Ct));

            // It fails the restore, or costs no more than what a warning tells of: then the VM is whole.
            Assert.True(failure is null or AzsException { ErrorId: "Injected" }, $"step {step}: {failure}");
            if (failure is null) await RemoveAsync(target, before);
            await AssertSameAsync(before, target, step);
        }
    }

    [Fact]
    public async Task Run_CancelledAtAnyRequest_LeavesNothingBehind()
    {
        await using var target = await StartAsync();
        var before = await target.DumpAsync();
        var total = await CountAsync(target, "app-web-1", null, before);
        for (var step = 1; step <= total; step++)
        {
            using var stop = new CancellationTokenSource();
            var stack = new InterruptedStack(target.Stack);
            var at = step;
            var plan = await PlanAsync(stack, target, "app-web-1", null);
            var planned = stack.Requests;
            stack.OnRequest = number =>
            {
                if (number == planned + at) stop.Cancel();
            };

            var failure = await Record.ExceptionAsync(() => scene.Restore(stack).RunAsync(plan, stop.Token));

            Assert.True(failure is null or OperationCanceledException, $"step {step}: {failure}");
            if (failure is null) await RemoveAsync(target, before);
            await AssertSameAsync(before, target, step);
        }
    }

    private static async Task<EmulatedStackClient> StartAsync()
    {
        var target = await RestoreScene.StartEmptyAsync();
        var id = target.Id("contoso-network", "Microsoft.Storage/storageAccounts", "contosoappdata");
        await target.Stack.Resources.PutAsync(
            id,
            new()
            {
                ["location"] = target.Emulated.Location,
                ["kind"] = "Storage",
                ["sku"] = new JsonObject { ["name"] = "Standard_LRS" },
                ["properties"] = new JsonObject(),
            },
            Ct);
        return target;
    }

    private Task<StackRestorePlan> PlanAsync(InterruptedStack stack, EmulatedStackClient target, string vm, bool? unmanaged) =>
        scene.Restore(stack).PlanAsync(
            scene.Point(vm),
            RestoreScene.To(target, "contoso-app") with { Unmanaged = unmanaged, StorageAccountName = "contosoappdata", CancelledCleanUp = TimeSpan.FromMinutes(1) },
            Ct);

    private async Task<int> CountAsync(EmulatedStackClient target, string vm, bool? unmanaged, SortedDictionary<string, string> before)
    {
        var stack = new InterruptedStack(target.Stack);
        var plan = await PlanAsync(stack, target, vm, unmanaged);
        Assert.Empty(plan.Blockers);
        var planned = stack.Requests;
        await scene.Restore(stack).RunAsync(plan, Ct);
        await RemoveAsync(target, before);
        await AssertSameAsync(before, target, 0);
        return stack.Requests - planned;
    }

    private static async Task RemoveAsync(EmulatedStackClient target, SortedDictionary<string, string> before)
    {
        foreach (var group in (await target.DumpAsync()).Keys.Except(before.Keys).Where(id => id.Split('/').Length == 5))
        {
            await target.Stack.Resources.DeleteAsync(ResourceId.Parse(group), Ct);
        }

        foreach (var blob in await BlobsAsync(target)) await blob.DeleteAsync(Ct);
    }

    private static async Task<IReadOnlyList<IPageBlob>> BlobsAsync(EmulatedStackClient target)
    {
        var id = target.Id("contoso-network", "Microsoft.Storage/storageAccounts", "contosoappdata");
        var endpoint = (await target.Stack.Resources.GetAsync(id, Ct)).FindText("properties", "primaryEndpoints", "blob")!;
        var keys = await target.Stack.Resources.PostAsync(id, "listKeys", null, Ct);
        var account = target.Stack.OpenBlobAccount(new Uri(endpoint), id.Name, keys!.Value.GetProperty("keys")[0].GetProperty("value").GetString()!);
        return [account.OpenPageBlob("vhds", "db-1-os.vhd"), account.OpenPageBlob("vhds", "db-1-data.vhd")];
    }

    private async Task AssertSameAsync(SortedDictionary<string, string> before, EmulatedStackClient target, int step)
    {
        var after = await target.DumpAsync();
        Assert.True(before.SequenceEqual(after), $"step {step}: {string.Join(", ", after.Except(before))} {string.Join('\n', scene.Log.Warnings)}");
        foreach (var blob in await BlobsAsync(target)) Assert.False(await blob.ExistsAsync(Ct), $"step {step}: {blob.Uri}");
    }
}
