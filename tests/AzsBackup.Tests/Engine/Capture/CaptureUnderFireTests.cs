using AzsBackup.Engine.Capture;
using AzsBackup.Engine.Stacks;
using AzsBackup.Model;
using Xunit;

namespace AzsBackup.Tests.Engine.Capture;

/// <summary>Whatever a stack does: every resource that was listed has its status, and the capture says how many are missing.</summary>
public sealed class CaptureUnderFireTests
{
    private const string Load = "generated:120";

    [Theory]
    [InlineData("""[{"route":"providers","status":429,"retryAfter":1,"probability":0.3,"seed":3}]""")]
    [InlineData("""[{"route":"providers","status":429,"probability":0.3,"seed":4}]""")]
    [InlineData("""[{"route":"providers","status":429,"retryAfterDateSeconds":2,"probability":0.3,"seed":5}]""")]
    [InlineData("""[{"route":"providers","status":500,"probability":0.2,"seed":6}]""")]
    [InlineData("""[{"route":"providers","dropAfterBytes":100,"probability":0.2,"seed":7}]""")]
    public async Task Run_FailuresThatPass_LoseNothing(string faults)
    {
        await using var rig = await CaptureRig.StartAsync(Load, pageSize: 50);
        await rig.CaptureAsync("calm");
        await rig.FailAsync(faults);

        var results = await rig.CaptureAsync("storm", throttle: 8);

        Assert.All(results, result => Assert.Equal(AzsCaptureStatus.Captured, result.Status));
        Assert.Equal(rig.Files("calm"), rig.Files("storm"));
    }

    [Fact]
    public async Task Run_TypeThatAlwaysFails_IsFailedResourceByResourceAndTheRestIsThere()
    {
        await using var rig = await CaptureRig.StartAsync(Load);
        var calm = await rig.CaptureAsync("calm");
        await rig.FailAsync("""[{"route":"/networkInterfaces","status":500}]""");

        var results = await rig.CaptureAsync("storm");

        AssertComplete(calm, results, rig.Manifest("storm"));
        Assert.All(results, result => Assert.Equal(IsNic(result) ? AzsCaptureStatus.Failed : AzsCaptureStatus.Captured, result.Status));
        Assert.All(results.Where(IsNic), result => Assert.Contains("InternalServerError", result.Reason, StringComparison.Ordinal));
        var failure = Summary(results);
        Assert.Contains($"Of {calm.Count} resources, {results.Count(IsNic)} are missing", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_TypeWhoseListIsRefused_IsReadOneByOne()
    {
        await using var rig = await CaptureRig.StartAsync(Load);
        await rig.CaptureAsync("calm");
        await rig.FailAsync("""[{"route":"/networkInterfaces\\?","status":500}]""");

        var results = await rig.CaptureAsync("storm");

        Assert.All(results, result => Assert.Equal(AzsCaptureStatus.Captured, result.Status));
        Assert.Equal(rig.Files("calm"), rig.Files("storm"));
    }

    [Fact]
    public async Task Run_ListThatNobodyExpects_IsReportedWhenItIsRefused()
    {
        await using var rig = await CaptureRig.StartAsync(Load);
        await rig.FailAsync("""[{"route":"/roleAssignments","status":500}]""");

        var results = await rig.CaptureAsync("storm");

        var refused = Assert.Single(results, result => result.Status == AzsCaptureStatus.Failed);
        Assert.Equal(("Microsoft.Authorization/roleAssignments", "*"), (refused.Type, refused.Name));
    }

    [Fact]
    public async Task Run_ChildrenThatCannotBeListed_MakeTheirParentPartial()
    {
        await using var rig = await CaptureRig.StartAsync(Load);
        await rig.FailAsync("""[{"route":"/extensions","status":500}]""");

        var results = await rig.CaptureAsync("storm");

        Assert.All(results, result => Assert.Equal(result.Type == "Microsoft.Compute/virtualMachines" ? AzsCaptureStatus.Partial : AzsCaptureStatus.Captured, result.Status));
        Assert.Contains("are not whole", Summary(results).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_ResourceDeletedMeanwhile_IsSkippedAndNoFailure()
    {
        await using var rig = await CaptureRig.StartAsync();
        var gone = ResourceId.Create(rig.Emulated.SubscriptionId, "contoso-app", "Microsoft.KeyVault/vaults", "contoso-app-kv");
        var deleting = 0;
        var seen = new VariedResources(rig.Stack.Resources, 1);
        seen.OnRequest = async path =>
        {
            if (path.Contains("/vaults/", StringComparison.OrdinalIgnoreCase) && Interlocked.Exchange(ref deleting, 1) == 0)
                await rig.Stack.Resources.DeleteAsync(gone, TestContext.Current.CancellationToken);
        };
        rig.Resources = seen;

        var results = await rig.CaptureAsync("all");

        var skipped = Assert.Single(results, result => result.Status != AzsCaptureStatus.Captured);
        Assert.Equal(AzsCaptureStatus.Skipped, skipped.Status);
        Assert.Equal(gone, ResourceId.Parse(skipped.ResourceId));
        Assert.Null(skipped.File);
        var summary = new CaptureSummary();
        results.ForEach(summary.Add);
        Assert.Null(summary.FindFailure("here"));
    }

    [Fact]
    public async Task Run_TokenThatIsRefusedMeanwhile_EveryListedResourceHasItsStatus()
    {
        await using var rig = await CaptureRig.StartAsync(Load);
        var calm = await rig.CaptureAsync("calm");
        await rig.FailAsync("""[{"route":"/extensions","expireToken":true,"after":10,"count":1}]""");

        var results = await rig.CaptureAsync("storm");

        Assert.Superset(calm.Where(IsListed).Select(Id).ToHashSet(), results.Select(Id).ToHashSet());
        Assert.All(results.Where(result => result.Status != AzsCaptureStatus.Captured), result => Assert.NotNull(result.Reason));
    }

    [Fact]
    public async Task Run_EverythingIsRefusedAfterTheListing_StillGivesEveryResourceAStatus()
    {
        await using var rig = await CaptureRig.StartAsync(Load);
        var calm = await rig.CaptureAsync("calm");
        await rig.FailAsync("""[{"route":"/providers/","status":401}]""");

        var results = await rig.CaptureAsync("storm");

        Assert.Superset(calm.Where(IsListed).Select(Id).ToHashSet(), results.Select(Id).ToHashSet());
        Assert.All(results.Where(result => result.Type != "Microsoft.Resources/resourceGroups"), result => Assert.Equal(AzsCaptureStatus.Failed, result.Status));
        Assert.Contains(results, result => result.Reason?.Contains("was not asked for", StringComparison.Ordinal) == true);
    }

    private static bool IsNic(AzsResourceConfig result) => result.Type.Equals("Microsoft.Network/networkInterfaces", StringComparison.OrdinalIgnoreCase);

    // What a refused list below a resource would have held, nobody knows.
    private static bool IsListed(AzsResourceConfig result) =>
        !result.Type.EndsWith("/extensions", StringComparison.Ordinal) && !result.Type.StartsWith("Microsoft.Authorization/", StringComparison.Ordinal);

    private static string Id(AzsResourceConfig result) => result.ResourceId.ToUpperInvariant();

    private static AzsException Summary(List<AzsResourceConfig> results)
    {
        var summary = new CaptureSummary();
        results.ForEach(summary.Add);
        return Assert.IsType<AzsException>(summary.FindFailure("here"));
    }

    private static void AssertComplete(List<AzsResourceConfig> expected, List<AzsResourceConfig> results, CaptureManifest manifest)
    {
        Assert.Equal(expected.Select(Id).Order(StringComparer.Ordinal), results.Select(Id).Order(StringComparer.Ordinal));
        Assert.Equal(results.Count, manifest.Counts.Values.Sum());
        Assert.Equal(results.Count, manifest.Resources.Count);
    }
}
