using System.Text;
using System.Text.Json.Nodes;
using AzsBackup.Emulator.Arm;
using AzsBackup.Emulator.Arm.Providers;
using AzsBackup.Emulator.Deployments.Bicep;
using AzsBackup.Engine.Deployment;
using AzsBackup.Engine.Stacks;
using AzsBackup.Model;
using AzsBackup.Tests.Emulator.Deployments;
using AzsBackup.Tests.Emulator.Estates;
using AzsBackup.Tests.Emulator.Specifications;
using AzsBackup.Tests.Engine.Capture;
using Xunit;

namespace AzsBackup.Tests.Engine.Deployment;

public sealed class DeploymentRoundTripTests(ITestOutputHelper output)
{
    private const string Group = "strangers";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Plan_SampleDeployedToAnEmptyStack_GivesTheSameBytesThere()
    {
        TemplateRunner.RequireBicep();
        var estate = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        await File.WriteAllTextAsync(estate, SampleWithWholeImages().ToJsonString(), Ct);
        await using var one = await CaptureRig.StartAsync(estate);
        File.Delete(estate);
        await using var other = await CaptureRig.StartAsync(estate: null);
        var map = new StampMap { Principals = new Dictionary<string, string> { ["3b6f2f0e-5a0c-4d4e-9a53-0d2f7a1c9b11"] = await AddPrincipalAsync(other) } };
        var plan = await DeploymentRig.PlanAsync(one, map: map, scopes: Groups(one));
        Assert.DoesNotContain(plan.Notes, note => note.Kind == DeploymentNoteKind.ResourceLeftOut);

        await DeploymentRig.DeployAsync(other, plan);

        var again = await DeploymentRig.PlanAsync(other, scopes: Groups(other));
        Assert.Null(FirstDifference(plan, again));
        Assert.Equal(plan.Notes, again.Notes);
    }

    [LongFact]
    public async Task Plan_SampleInEachMode_TemplatesSatisfyTheBicepCliAndNameNoSubscription()
    {
        await using var rig = await CaptureRig.StartAsync();
        foreach (var mode in Enum.GetValues<AzsVmDeploymentMode>())
        {
            var plan = await DeploymentRig.PlanAsync(rig, mode);
            foreach (var part in plan.Parts) await BicepReferee.AssertBuildsAsync(Encoding.UTF8.GetString(BicepFile.Write(part)));
            foreach (var template in DeploymentRig.Files(plan).Values)
            {
                Assert.DoesNotContain(rig.Emulated.SubscriptionId, template, StringComparison.OrdinalIgnoreCase);
                Assert.DoesNotContain(rig.Emulated.TenantId, template, StringComparison.OrdinalIgnoreCase);
                Assert.DoesNotContain("canary", template, StringComparison.OrdinalIgnoreCase);
                await BicepReferee.AssertDecompilesAsync(template);
            }
        }
    }

    /// <summary>What strangers deploy, captured, deployed from the capture to another stack and captured there.</summary>
    [LongFact]
    public async Task Plan_WhatStrangersDeploy_GivesTheSameBytesOnAnotherStack()
    {
        TemplateRunner.RequireBicep();
        var catalog = ProviderCatalog.Load("local");
        using var bicep = BicepSession.Start(BicepLocator.Find(null)!);
        await using var one = await CaptureRig.StartAsync(estate: null);
        await using var other = await CaptureRig.StartAsync(estate: null);
        var failures = new Dictionary<string, string>();
        var count = 0;
        foreach (var template in StrangersTemplate.All())
        {
            var group = ResourceId.CreateGroup(one.Subscription.SubscriptionId, Group);
            await one.Stack.Resources.PutAsync(group, new JsonObject { ["location"] = "local" }, Ct);
            var body = template.ReadTemplate();
            StrangersTemplateTests.UseVersionsOfTheStamp(body["resources"], catalog);
            if (await TryAsync(async () => await DeploymentRig.DeployAsync(one, Group, "d", body, await StrangersTemplateTests.ParametersAsync(bicep, template))) is null)
            {
                count++;
                if (await TryAsync(() => TripAsync(one, other, group)) is { } reason) failures[template.Name] = reason;
            }

            await one.Stack.Resources.DeleteAsync(group, Ct);
            await other.Stack.Resources.DeleteAsync(ResourceId.CreateGroup(other.Subscription.SubscriptionId, Group), Ct);
        }

        SpecificationWatch.Forget(one.Emulated.ArmEndpoint);
        SpecificationWatch.Forget(other.Emulated.ArmEndpoint);
        output.WriteLine($"{count - failures.Count} of {count} estates that templates of strangers make come back with the same bytes.");
        HeldFailures.AssertHeld("round-trips.json", failures);
        Assert.True(count >= 50 && failures.Count * 20 <= count, $"{failures.Count} of {count} failed.");
    }

    private static ResourceId[] Groups(CaptureRig rig) =>
        [.. new[] { "contoso-network", "contoso-app" }.Select(name => ResourceId.CreateGroup(rig.Subscription.SubscriptionId, name))];

    private static async Task<string> AddPrincipalAsync(CaptureRig rig)
    {
        using var client = new HttpClient();
        using var content = new StringContent("""{"kind":"user","name":"ops"}""");
        using var response = await client.PostAsync(new Uri(rig.Emulated.ControlEndpoint, "/principals"), content, Ct);
        return (string)JsonNode.Parse(await response.Content.ReadAsStringAsync(Ct))!["objectId"]!;
    }

    // The sample's disks are smaller than those of the images they are said to be of, which a stack refuses to make.
    private static JsonObject SampleWithWholeImages()
    {
        var sample = ArmJson.ReadResource("sample.json");
        foreach (var properties in sample["resources"]!.AsArray().Select(resource => resource!["properties"]))
        {
            if (properties?["storageProfile"]?["osDisk"] is JsonObject disk) disk["diskSizeGB"] = (string?)disk["osType"] == "Windows" ? 127 : 30;
            if ((string?)properties?["creationData"]?["createOption"] == "FromImage") properties!["diskSizeGB"] = 30;
        }

        return sample;
    }

    private static async Task TripAsync(CaptureRig one, CaptureRig other, ResourceId group)
    {
        var plan = await DeploymentRig.PlanAsync(one, scopes: group);
        await DeploymentRig.DeployAsync(other, plan);
        var again = await DeploymentRig.PlanAsync(other, scopes: ResourceId.CreateGroup(other.Subscription.SubscriptionId, Group));
        if (FirstDifference(plan, again) is { } difference) throw new AzsException(AzsErrorKind.DataDamaged, "Different", difference, "");
    }

    // Compares whole files; says the first line that differs, for a person.
    private static string? FirstDifference(DeploymentPlan one, DeploymentPlan other)
    {
        var before = string.Join('\n', DeploymentRig.Files(one).Select(file => $"{file.Key}\n{file.Value}")).Split('\n');
        var after = string.Join('\n', DeploymentRig.Files(other).Select(file => $"{file.Key}\n{file.Value}")).Split('\n');
        var at = Enumerable.Range(0, Math.Max(before.Length, after.Length)).FirstOrDefault(line => before.ElementAtOrDefault(line) != after.ElementAtOrDefault(line), -1);
        return at < 0 ? null : $"'{before.ElementAtOrDefault(at)?.Trim()}' became '{after.ElementAtOrDefault(at)?.Trim()}' after '{before[at - 1].Trim()}'";
    }

    private static async Task<string?> TryAsync(Func<Task> work)
    {
        try
        {
            await work();
            return null;
        }
        catch (AzsException failure)
        {
            return failure.Message;
        }
    }
}
