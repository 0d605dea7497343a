using System.Text;
using System.Text.Json.Nodes;
using AzsBackup.Engine.Deployment;
using AzsBackup.Model;
using AzsBackup.Tests.Emulator.Deployments;
using AzsBackup.Tests.Engine.Capture;
using Xunit;

namespace AzsBackup.Tests.Engine.Deployment;

public sealed class DeploymentRoundTripTests
{
    [Fact]
    public async Task Plan_SampleDeployedToAnEmptyStack_GivesTheSameBytesThere()
    {
        TemplateRunner.RequireBicep();
        await using var one = await CaptureRig.StartAsync();
        await using var other = await CaptureRig.StartAsync(estate: null);
        var plan = await DeploymentRig.PlanAsync(one, "one");
        Assert.Empty(plan.Notes.Where(note => note.Kind == DeploymentNoteKind.PropertyLeftOut || note.Kind == DeploymentNoteKind.ResourceLeftOut));

        await DeploymentRig.DeployAsync(other, plan);

        var again = await DeploymentRig.PlanAsync(other, "other");
        Assert.Equal(DeploymentRig.Files(plan), DeploymentRig.Files(again));
        Assert.Equal(one.Manifest("one").Resources.Count, other.Manifest("other").Resources.Count);
    }

    [Theory]
    [InlineData(AzsVmDeploymentMode.Rebuild)]
    [InlineData(AzsVmDeploymentMode.Attach)]
    public async Task Plan_Sample_TemplatesSatisfyTheBicepCliAndNameNoSubscription(AzsVmDeploymentMode mode)
    {
        await using var rig = await CaptureRig.StartAsync();

        var plan = await DeploymentRig.PlanAsync(rig, "capture", mode);

        foreach (var (name, template) in DeploymentRig.Files(plan))
        {
            TestContext.Current.TestOutputHelper?.WriteLine($"{name}\n{template}");
            Assert.DoesNotContain(rig.Emulated.SubscriptionId, template, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain(rig.Emulated.TenantId, template, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain("canary", template, StringComparison.OrdinalIgnoreCase);
            await BicepReferee.AssertDecompilesAsync(template);
        }
    }
}
