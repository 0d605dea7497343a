using System.Text;
using AzsBackup.Engine.Capture;
using AzsBackup.Engine.Stacks;
using AzsBackup.Model;
using Xunit;

namespace AzsBackup.Tests.Engine.Capture;

public sealed class CaptureSecretsTests
{
    [Fact]
    public async Task Run_StackThatGivesSecretsAway_NoneIsInAnyFileResultLogOrError()
    {
        await using var rig = await CaptureRig.StartAsync();
        var canaries = new CanaryResources(rig.Stack.Resources);
        rig.Resources = canaries;

        var results = await rig.CaptureAsync("all");

        var summary = new CaptureSummary();
        results.ForEach(summary.Add);
        Assert.True(canaries.Planted > 100);
        Assert.Contains(results, result => result.Status == AzsCaptureStatus.Failed);
        foreach (var file in Directory.GetFiles(rig.Folder("all"), "*", SearchOption.AllDirectories))
            Assert.DoesNotContain(CanaryResources.Canary, await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken), StringComparison.OrdinalIgnoreCase);
        AssertClean(results.Select(result => result.ToString()));
        AssertClean(rig.Log.Warnings.Concat(rig.Log.Lines));
        AssertClean([summary.FindFailure("here")!.ToString()]);
    }

    [Fact]
    public async Task CollectVm_StackThatGivesSecretsAway_NoneIsInAnyDocument()
    {
        await using var rig = await CaptureRig.StartAsync();
        var canaries = new CanaryResources(rig.Stack.Resources);
        var id = ResourceId.Create(rig.Emulated.SubscriptionId, "contoso-app", "Microsoft.Compute/virtualMachines", "app-web-1");
        var vm = await canaries.GetAsync(id, TestContext.Current.CancellationToken);

        var documents = (await new VmConfigCollector(canaries, rig.Log).CollectAsync(vm, TestContext.Current.CancellationToken)).Documents;

        Assert.Contains(CapturePath.For(id), documents.Keys);
        Assert.Contains(documents.Keys, path => path.Contains("networkinterfaces/app-web-1-nic", StringComparison.Ordinal));
        Assert.Contains(documents.Keys, path => path.Contains("extensions/app-web-1/configure", StringComparison.Ordinal));
        AssertClean(documents.Values.Select(document => Encoding.UTF8.GetString(document.Span)));
    }

    private static void AssertClean(IEnumerable<string> texts) =>
        Assert.All(texts, text => Assert.DoesNotContain(CanaryResources.Canary, text, StringComparison.OrdinalIgnoreCase));
}
