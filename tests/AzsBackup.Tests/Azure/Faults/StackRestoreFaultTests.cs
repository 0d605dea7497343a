using System.Net.Http.Json;
using System.Text.Json.Nodes;
using AzsBackup.Azure.Connections;
using AzsBackup.Engine.Stacks;
using AzsBackup.Model;
using AzsBackup.Tests.Azure.Fakes;
using AzsBackup.Tests.Engine.Restore;
using Xunit;

namespace AzsBackup.Tests.Azure.Faults;

/// <summary>
/// What goes wrong on the line while a VM is restored onto a stack: its disks are right, or it is told clearly why not and nothing is
/// left on the target.
/// </summary>
public sealed class StackRestoreFaultTests(RestoreScene scene, ITestOutputHelper output) : IClassFixture<RestoreScene>
{
    private const string Group = "restored";

    private static readonly FaultStep[] Steps =
    [
        new("Microsoft.Resources/subscriptions/resourceGroups/read"),
        new("Microsoft.Resources/subscriptions/resourceGroups/write"),
        new("Microsoft.Network/virtualNetworks/read"),
        new("Microsoft.Storage/storageAccounts/write"),
        new("Microsoft.Storage/storageAccounts/listKeys/action"),
        new("CreateContainer") { ByKey = true },
        new("PutBlob") { ByKey = true },
        new("PutPage") { ByKey = true },
        new("PutPage") { ByKey = true, After = 2 },
        new("Microsoft.Compute/disks/write"),
        new("Microsoft.Compute/disks/write") { After = 1 },
        new("Microsoft.Compute/availabilitySets/write"),
        new("Microsoft.Network/networkInterfaces/write"),
        new("Microsoft.Compute/virtualMachines/write"),
        new("Microsoft.Storage/storageAccounts/delete"),
        new("Microsoft.Resources/subscriptions/resourceGroups/delete"),
    ];

    private readonly InstantTimeProvider _clock = new() { Beat = TimeSpan.FromMilliseconds(150) };

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Restore_PagesChangedOnTheWayUp_AreSentAgain()
    {
        await using var target = await RestoreScene.StartEmptyAsync();
        var step = new FaultStep("PutPage") { ByKey = true };
        var turned = FaultCase.All([step]).Single(one => one.Trouble == "byte turned on the way up");
        var before = await target.DumpAsync();
        var (failure, struck) = await RestoreUnderAsync(target, turned);
        Assert.Null(failure);
        Assert.Equal(1, struck);
        await RemoveAsync(target, before);
    }

    [Fact]
    public Task Restore_EachStepWithOneTrouble_EndsWellOrLeavesNothing() => RestoreUnderAsync(FaultCase.Diagonal(Steps, 1));

    [LongFact]
    public Task Restore_EachStepWithManyTroubles_EndsWellOrLeavesNothing() => RestoreUnderAsync(FaultCase.Sample(Steps, 24));

    private async Task RestoreUnderAsync(IEnumerable<FaultCase> cases)
    {
        await using var target = await RestoreScene.StartEmptyAsync();
        var before = await target.DumpAsync();
        foreach (var one in cases)
        {
            var (failure, struck) = await RestoreUnderAsync(target, one);
            output.WriteLine($"{one}: {(failure is null ? "well" : $"told {failure.ErrorId}: {failure.Message}")}{(struck == 0 ? " (never struck)" : "")}");
            var after = await target.DumpAsync();
            var left = after.Keys.Except(before.Keys).ToList();
            if (failure is null)
            {
                // Only what a restore makes for its own use may have stayed, and only where the stack did not let it go.
                left.RemoveAll(id => id.Contains($"/resourceGroups/{Group}", StringComparison.OrdinalIgnoreCase));
            }
            else
            {
                FaultMatrixTests.AssertClear(failure, one);
                Assert.Equal(before.Keys, after.Keys.Except(left));
            }

            var warnings = scene.Log.Warnings.ToList();
            Assert.True(left.Count == 0 || (MayLeave(one) && left.All(id => warnings.Exists(warning => warning.Contains(id, StringComparison.OrdinalIgnoreCase) || IsInside(id, warning)))), $"{one}: left behind {string.Join(", ", left)}; {string.Join(", ", warnings)}");
            scene.Log.Warnings.Clear();
            await RemoveAsync(target, before);
        }
    }

    private async Task<(AzsException? Failure, long Struck)> RestoreUnderAsync(EmulatedStackClient target, FaultCase one)
    {
        using var http = new HttpClient();
        var control = new Uri(target.Emulated.ControlEndpoint, "faults");
        _clock.Advance(TimeSpan.FromHours(1));
        var stack = await SignInAsync(target);
        using var signedIn = (IDisposable)stack;
        using var answer = await http.PostAsJsonAsync(control, new JsonArray(one.Fault.DeepClone()), Ct);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(Ct));
        AzsException? failure = null;
        try
        {
            var restore = scene.Restore(stack, _clock);
            var plan = await restore.PlanAsync(scene.Point("app-web-1"), RestoreScene.To(target, Group), Ct);
            var restored = await restore.RunAsync(plan, Ct);
            foreach (var (disk, made) in scene.Point("app-web-1").Disks.Zip(restored.Disks))
            {
                Assert.Equal(scene.HashOf(disk), await target.HashAsync(made.DiskId!));
            }
        }
        catch (AzsException told)
        {
            failure = told;
        }

        var struck = (await http.GetFromJsonAsync<JsonObject>(control, Ct))!["value"]!.AsArray().Sum(fault => fault!["struck"]!.GetValue<long>());
        (await http.DeleteAsync(control, Ct)).Dispose();
        return (failure, struck);
    }

    private static bool MayLeave(FaultCase one) => one.Step.GivesBack || one.Step.Starts;

    private static bool IsInside(string id, string warning) =>
        id.Split('/') is [_, _, _, _, var group, ..] && warning.Contains($"/resourceGroups/{group}", StringComparison.OrdinalIgnoreCase);

    private async Task<IStack> SignInAsync(EmulatedStackClient target) =>
        await new StackConnector(_clock, new Random(1)).ConnectAsync(
            new StackSignIn
            {
                ArmEndpoint = target.Emulated.ArmEndpoint,
                TenantId = target.Emulated.TenantId,
                CaCertificatePath = target.Emulated.CaCertificatePath,
                Credential = new ClientSecretSignIn(target.Emulated.ClientId, FakeStack.Secure(target.Emulated.ClientSecret)),
            },
            new SilentRunLog(),
            Ct);

    private static async Task RemoveAsync(EmulatedStackClient target, SortedDictionary<string, string> before)
    {
        foreach (var group in (await target.DumpAsync()).Keys.Except(before.Keys).Where(id => id.Split('/').Length == 5))
        {
            await target.Stack.Resources.DeleteAsync(ResourceId.Parse(group), Ct);
        }
    }
}
