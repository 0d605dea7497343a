using System.Text.Json.Nodes;
using AzsBackup.Emulator.Hosting;
using AzsBackup.Tests.Emulator.Compute;
using AzsBackup.Tests.Emulator.Deployments;
using AzsBackup.Tests.Emulator.Hosting;
using Xunit;

namespace AzsBackup.Tests.Emulator.Specifications;

/// <summary>One walk through what a tenant does, so that operations are compared with their specification whatever other tests run, and no deviation of ours is listed in vain.</summary>
public sealed class SpecificationTourTests
{
    private static readonly Dictionary<string, string> Versions = new(StringComparer.OrdinalIgnoreCase)
    {
        ["Microsoft.Compute/disks"] = StackHost.Disks,
        ["Microsoft.Compute/snapshots"] = StackHost.Disks,
        ["Microsoft.Compute"] = StackHost.Compute,
        ["Microsoft.Network"] = StackHost.Network,
        ["Microsoft.Storage"] = StackHost.Storage,
    };

    [Fact]
    public async Task Tour_OfEverything_AnswersAsSpecifiedAndNeedsEveryDeviationOfOurs()
    {
        _ = SpecificationWatch.RequireSpecifications();
        TemplateRunner.RequireBicep();
        await using StackHost host = await StackHost.StartAsync(new EmulatedStackOptions { Estate = "sample" });
        // All violations at once tell more than the first.
        host.StopsAtViolations = false;
        await SubscriptionAsync(host);
        await EveryResourceAsync(host);
        await ComputeAsync(host);
        await NetworkAsync(host);
        await StorageAsync(host);
        await DeploymentsAsync(host);
        await host.DoAsync(HttpMethod.Delete, host.Group(MachineScene.Group), StackHost.Resources);

        SpecificationWatch.RequireNoViolation(host.Stack.ArmEndpoint);
        Assert.Equal([], Deviation.All.Where(deviation => !deviation.IsRecorded).Except(SpecificationWatch.UsedDeviations));
        Assert.True(SpecificationWatch.Compared.Count >= 125, $"Only {SpecificationWatch.Compared.Count} operations were compared: {string.Join(' ', SpecificationWatch.Compared.Keys.Order(StringComparer.Ordinal))}");
    }

    private static async Task DeploymentsAsync(StackHost host)
    {
        JsonObject body = TemplateRunner.Body(JsonNode.Parse("""
            {
              "$schema": "https://schema.management.azure.com/schemas/2015-01-01/deploymentTemplate.json#", "contentVersion": "1.0.0.0",
              "resources": [ { "type": "Microsoft.Resources/deployments", "apiVersion": "2019-10-01", "name": "inner", "properties": { "mode": "Incremental",
                "template": { "$schema": "https://schema.management.azure.com/schemas/2015-01-01/deploymentTemplate.json#", "contentVersion": "1.0.0.0", "resources": [
                  { "type": "Microsoft.Network/networkSecurityGroups", "apiVersion": "2018-11-01", "name": "deployed", "location": "local", "properties": {} } ] } } } ]
            }
            """)!);
        string id = TemplateRunner.IdOf(host, MachineScene.Group, "outer");
        await host.DoAsync(HttpMethod.Post, id + "/validate", StackHost.Resources, body.ToJsonString());
        JsonNode deployment = await TemplateRunner.DeployAsync(host, MachineScene.Group, "outer", body);
        Assert.Equal("Succeeded", TemplateRunner.State(deployment));
        await host.GetAsync(id + "/operations", StackHost.Resources);
        await host.GetAsync(host.Group(MachineScene.Group) + "/providers/Microsoft.Resources/deployments", StackHost.Resources);
        await host.DoAsync(HttpMethod.Delete, id, StackHost.Resources);
    }

    private static async Task SubscriptionAsync(StackHost host)
    {
        const string Subscriptions = "2016-06-01";
        await host.GetAsync("/tenants", Subscriptions);
        await host.GetAsync("/subscriptions", Subscriptions);
        await host.GetAsync(host.Subscription, Subscriptions);
        await host.GetAsync(host.Subscription + "/locations", Subscriptions);
        await host.GetAsync("/providers", StackHost.Resources);
        await host.GetAsync(host.Subscription + "/providers", StackHost.Resources);
        await host.GetAsync(host.Subscription + "/providers/Microsoft.Compute", StackHost.Resources);
        await host.DoAsync(HttpMethod.Post, host.Subscription + "/providers/Microsoft.Compute/register", StackHost.Resources);
        await host.GetAsync(host.Subscription + "/tagNames", StackHost.Resources);
        await host.GetAsync(host.Subscription + "/resources", StackHost.Resources);
        await host.GetAsync(host.Subscription + "/resourcegroups", StackHost.Resources);
        await host.MakeGroupAsync(MachineScene.Group);
        await host.DoAsync(HttpMethod.Patch, host.Group(MachineScene.Group), StackHost.Resources, """{"tags":{"a":"b"}}""");
        await host.GetAsync(host.Group(MachineScene.Group), StackHost.Resources);
        await host.GetAsync(host.Group(MachineScene.Group) + "/resources", StackHost.Resources);
        await host.SendAsync(HttpMethod.Head, host.Group(MachineScene.Group), StackHost.Resources);
        await host.SendAsync(HttpMethod.Head, host.Group("none"), StackHost.Resources);
        await host.AssertRefusedAsync(404, "ResourceGroupNotFound", HttpMethod.Get, host.Group("none"), StackHost.Resources);
    }

    /// <summary>Reads every resource of the estate, its lists and, as a change that changes nothing, its tags.</summary>
    private static async Task EveryResourceAsync(StackHost host)
    {
        JsonArray all = (await host.GetAsync(host.Subscription + "/resources", StackHost.Resources))["value"]!.AsArray();
        foreach (JsonNode? resource in all)
        {
            string id = resource!["id"]!.GetValue<string>(), type = resource["type"]!.GetValue<string>();
            if (!Versions.TryGetValue(type, out string? version) && !Versions.TryGetValue(type.Split('/')[0], out version))
                continue;
            JsonNode body = await host.GetAsync(id, version);
            await host.GetAsync($"{host.Subscription}/providers/{type}", version);
            await host.GetAsync(id[..id.LastIndexOf('/')], version);
            await host.AssertRefusedAsync(404, "ResourceNotFound", HttpMethod.Get, id + "x", version);
            if (type is not "Microsoft.Network/connections")
                await host.DoAsync(HttpMethod.Put, id, version, body.ToJsonString());
            foreach (string part in (string[])["subnets", "securityRules", "routes", "ipConfigurations", "frontendIPConfigurations", "backendAddressPools", "probes", "loadBalancingRules", "inboundNatRules"])
            {
                if (body["properties"]![part] is not JsonArray { Count: > 0 } parts || parts[0]!["id"] is not { } partId)
                    continue;
                await host.GetAsync($"{id}/{part}", version);
                await host.GetAsync(partId.GetValue<string>(), version);
            }
        }
    }

    private static async Task ComputeAsync(StackHost host)
    {
        string compute = host.Subscription + "/providers/Microsoft.Compute";
        foreach (string path in (string[])["usages", "vmSizes", "publishers", "publishers/Canonical/artifacttypes/vmimage/offers"])
            await host.GetAsync($"{compute}/locations/local/{path}", StackHost.Compute);
        MachineScene scene = await MachineScene.CreateAsync(host);
        string machine = await scene.MakeMachineAsync("tour");
        await host.DoAsync(HttpMethod.Put, machine + "/extensions/script", StackHost.Compute, """{"location":"local","properties":{"publisher":"Microsoft.Azure.Extensions","type":"CustomScript","typeHandlerVersion":"2.0","protectedSettings":{"commandToExecute":"hush"}}}""");
        await host.DoAsync(HttpMethod.Patch, machine, StackHost.Compute, """{"tags":{"a":"b"}}""");
        foreach (string path in (string[])["", "/instanceView", "/vmSizes", "/extensions", "/extensions/script"])
            await host.GetAsync(machine + path, StackHost.Compute);
        JsonNode shown = await StackHost.JsonAsync(await host.SendUrlAsync(HttpMethod.Get, $"{machine}?$expand=instanceView&api-version={StackHost.Compute}"));
        await host.DoAsync(HttpMethod.Delete, machine + "/extensions/script", StackHost.Compute);
        foreach (string action in (string[])["restart", "redeploy", "powerOff", "start", "deallocate", "generalize"])
            await host.DoAsync(HttpMethod.Post, $"{machine}/{action}", StackHost.Compute);
        string image = host.Id(MachineScene.Group, "Microsoft.Compute/images", "tour");
        await host.DoAsync(HttpMethod.Put, image, StackHost.Compute, $$$$$"""{"location":"local","properties":{"sourceVirtualMachine":{"id":"{{{{{machine}}}}}"}}}""");
        await host.GetAsync(image, StackHost.Compute);
        string disk = shown["properties"]!["storageProfile"]!["osDisk"]!["managedDisk"]!["id"]!.GetValue<string>();
        await host.DoAsync(HttpMethod.Delete, machine, StackHost.Compute);
        string snapshot = await host.MakeSnapshotAsync(MachineScene.Group, "tour", disk);
        foreach (string exported in (string[])[disk, snapshot])
        {
            await host.GrantAsync(exported);
            await host.GetAsync(exported, StackHost.Disks);
            await host.AssertRefusedAsync(409, "OperationNotAllowed", HttpMethod.Delete, exported, StackHost.Disks);
            await host.DoAsync(HttpMethod.Post, exported + "/endGetAccess", StackHost.Disks);
            await host.DoAsync(HttpMethod.Patch, exported, StackHost.Disks, """{"tags":{"a":"b"}}""");
            await host.DoAsync(HttpMethod.Delete, exported, StackHost.Disks);
        }

        string scaleSet = host.Id(MachineScene.Group, "Microsoft.Compute/virtualMachineScaleSets", "tour");
        await host.DoAsync(HttpMethod.Put, scaleSet, StackHost.Compute, """{"location":"local","sku":{"name":"Standard_DS1_v2","capacity":0},"properties":{"upgradePolicy":{"mode":"Manual"},"virtualMachineProfile":{"osProfile":{"computerNamePrefix":"t","adminUsername":"ops","adminPassword":"hush"}}}}""");
        Assert.DoesNotContain("hush", (await host.GetAsync(scaleSet, StackHost.Compute)).ToJsonString(), StringComparison.Ordinal);
        await host.DoAsync(HttpMethod.Delete, scaleSet, StackHost.Compute);
    }

    private static async Task NetworkAsync(StackHost host)
    {
        foreach ((string type, string properties) in ((string, string)[])
        [
            ("networkSecurityGroups", """{"securityRules":[{"name":"r","properties":{"protocol":"Tcp","sourcePortRange":"*","destinationPortRange":"22","sourceAddressPrefix":"*","destinationAddressPrefix":"*","access":"Allow","priority":100,"direction":"Inbound"}}]}"""),
            ("routeTables", """{"routes":[{"name":"r","properties":{"addressPrefix":"10.9.0.0/16","nextHopType":"VnetLocal"}}]}"""),
            ("publicIPAddresses", """{"publicIPAllocationMethod":"Static"}"""),
            ("loadBalancers", """{"backendAddressPools":[{"name":"p"}]}"""),
        ])
        {
            string id = host.Id(MachineScene.Group, "Microsoft.Network/" + type, "tour");
            await host.DoAsync(HttpMethod.Put, id, StackHost.Network, $$$$$"""{"location":"local","properties":{{{{{properties}}}}}}""");
            await host.DoAsync(HttpMethod.Patch, id, StackHost.Network, """{"tags":{"a":"b"}}""");
            await host.GetAsync(id, StackHost.Network);
            await host.DoAsync(HttpMethod.Delete, id, StackHost.Network);
            await host.DoAsync(HttpMethod.Delete, id, StackHost.Network);
        }

        await host.GetAsync(host.Subscription + "/providers/Microsoft.Network/locations/local/usages", StackHost.Network);
    }

    private static async Task StorageAsync(StackHost host)
    {
        string id = host.Id(MachineScene.Group, "Microsoft.Storage/storageAccounts", "touraccount");
        await host.DoAsync(HttpMethod.Put, id, StackHost.Storage, """{"location":"local","kind":"Storage","sku":{"name":"Standard_LRS"},"properties":{}}""");
        await host.DoAsync(HttpMethod.Patch, id, StackHost.Storage, """{"tags":{"a":"b"}}""");
        await host.GetAsync(id, StackHost.Storage);
        await host.DoAsync(HttpMethod.Post, id + "/listKeys", StackHost.Storage);
        await host.DoAsync(HttpMethod.Post, id + "/regenerateKey", StackHost.Storage, """{"keyName":"key1"}""");
        await host.DoAsync(HttpMethod.Post, host.Subscription + "/providers/Microsoft.Storage/checkNameAvailability", StackHost.Storage, """{"name":"touraccount","type":"Microsoft.Storage/storageAccounts"}""");
        await host.GetAsync(host.Subscription + "/providers/Microsoft.Storage/locations/local/usages", StackHost.Storage);
        await host.DoAsync(HttpMethod.Delete, id, StackHost.Storage);
    }
}
