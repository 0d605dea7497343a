using System.Text.Json.Nodes;
using AzsBackup.Emulator.Arm;
using AzsBackup.Emulator.Hosting;
using AzsBackup.Tests.Emulator.Hosting;
using Xunit;

namespace AzsBackup.Tests.Emulator.Deployments;

public sealed class DeploymentTests
{
    private const string Group = "rg";

    private const string Template = """
        {
          "$schema": "https://schema.management.azure.com/schemas/2015-01-01/deploymentTemplate.json#", "contentVersion": "1.0.0.0",
          "parameters": { "label": { "type": "string", "defaultValue": "web" }, "secret": { "type": "secureString" }, "count": { "type": "int", "defaultValue": 2 } },
          "resources": [
            { "type": "Microsoft.Network/networkInterfaces", "apiVersion": "2018-11-01", "name": "[concat('nic', copyIndex())]", "location": "[resourceGroup().location]",
              "copy": { "name": "nics", "count": "[parameters('count')]" }, "dependsOn": [ "net" ], "tags": { "secret": "[concat('x-', parameters('secret'))]", "blob": "[reference('store').primaryEndpoints.blob]" },
              "properties": { "ipConfigurations": [ { "name": "ip", "properties": { "subnet": { "id": "[resourceId('Microsoft.Network/virtualNetworks/subnets', 'net', 's')]" } } } ] } },
            { "type": "Microsoft.Network/virtualNetworks", "apiVersion": "2018-11-01", "name": "net", "location": "[resourceGroup().location]",
              "properties": { "addressSpace": { "addressPrefixes": [ "10.0.0.0/16" ] }, "subnets": [ { "name": "s", "properties": { "addressPrefix": "10.0.0.0/24" } } ] } },
            { "type": "Microsoft.Storage/storageAccounts", "apiVersion": "2019-06-01", "name": "store", "location": "[resourceGroup().location]", "sku": { "name": "Standard_LRS" }, "kind": "Storage", "properties": {} },
            { "type": "Microsoft.Network/publicIPAddresses", "apiVersion": "2018-11-01", "name": "never", "location": "[resourceGroup().location]", "condition": "[equals(parameters('label'), 'no')]", "properties": {} },
            { "type": "Microsoft.Resources/deployments", "apiVersion": "2019-10-01", "name": "inner", "dependsOn": [ "nics" ],
              "properties": { "mode": "Incremental", "expressionEvaluationOptions": { "scope": "inner" }, "parameters": { "address": { "value": "[reference('nic1').ipConfigurations[0].properties.privateIPAddress]" } },
                "template": { "$schema": "https://schema.management.azure.com/schemas/2015-01-01/deploymentTemplate.json#", "contentVersion": "1.0.0.0",
                  "parameters": { "address": { "type": "string" } },
                  "resources": [ { "type": "Microsoft.Network/networkSecurityGroups", "apiVersion": "2018-11-01", "name": "[concat('nsg-', replace(parameters('address'), '.', '-'))]", "location": "local", "properties": {} } ],
                  "outputs": { "name": { "type": "string", "value": "[concat('nsg-', parameters('address'))]" } } } } }
          ],
          "outputs": {
            "inner": { "type": "string", "value": "[toUpper(reference('inner').outputs.name.value)]" },
            "network": { "type": "object", "value": "[reference('net')]" },
            "key": { "type": "int", "value": "[length(listKeys('store', '2019-06-01').keys[0].value)]" },
            "hidden": { "type": "secureString", "value": "[parameters('secret')]" }
          }
        }
        """;

    [Fact]
    public async Task Put_TemplateWithEveryKindOfDependency_IsDeployedInOrder()
    {
        TemplateRunner.RequireBicep();
        await using StackHost host = await StartAsync();
        JsonNode deployment = await TemplateRunner.DeployAsync(host, Group, "d", TemplateRunner.Body(JsonNode.Parse(Template)!, Secret("pass'word")));
        Assert.True(TemplateRunner.State(deployment) == "Succeeded", deployment.ToJsonString());
        JsonNode outputs = deployment["properties"]!["outputs"]!;
        Assert.Equal("NSG-10.0.0.5", outputs["inner"].Text("value"));
        Assert.Equal("Succeeded", outputs["network"]!["value"].Text("provisioningState"));
        Assert.Equal(88, outputs["key"].Number("value"));
        Assert.Equal("""{"type":"secureString"}""", outputs["hidden"]!.ToJsonString());
        JsonNode tags = (await host.GetAsync(host.Id(Group, "Microsoft.Network/networkInterfaces", "nic1"), StackHost.Network))["tags"]!;
        Assert.Equal("x-pass'word", tags.Text("secret"));
        Assert.EndsWith("/store/", tags.Text("blob"), StringComparison.Ordinal);
        Assert.Equal("nsg-10-0-0-5", (await host.GetAsync(host.Id(Group, "Microsoft.Network/networkSecurityGroups", "nsg-10-0-0-5"), StackHost.Network)).Text("name"));
        await host.AssertRefusedAsync(404, "ResourceNotFound", HttpMethod.Get, host.Id(Group, "Microsoft.Network/publicIPAddresses", "never"), StackHost.Network);
    }

    [Fact]
    public async Task Restart_EndedAndRunning_AreAsTheyWereAndFailed()
    {
        TemplateRunner.RequireBicep();
        string directory = Directory.CreateTempSubdirectory("azsbackup-deployments-").FullName;
        try
        {
            EmulatedStackOptions options = new() { StateDirectory = directory };
            string ended, running, status, before;
            await using (StackHost host = await StackHost.StartAsync(options))
            {
                (ended, running) = (TemplateRunner.IdOf(host, Group, "ended"), TemplateRunner.IdOf(host, Group, "running"));
                await host.MakeGroupAsync(Group);
                JsonObject body = TemplateRunner.Body(JsonNode.Parse(Template)!, Secret("s"));
                Assert.Equal("Succeeded", TemplateRunner.State(await TemplateRunner.DeployAsync(host, Group, "ended", body)));
                before = await host.GetAsync(ended, StackHost.Resources) + "" + await host.GetAsync(ended + "/operations", StackHost.Resources);
                HttpResponseMessage begun = await host.SendAsync(HttpMethod.Put, running, StackHost.Resources, body.ToJsonString());
                status = begun.Headers.GetValues("Azure-AsyncOperation").Single();
                Assert.Equal("Running", TemplateRunner.State(await host.GetAsync(running, StackHost.Resources)));
            }

            await using StackHost again = await StackHost.StartAsync(options);
            Assert.Equal(before, await again.GetAsync(ended, StackHost.Resources) + "" + await again.GetAsync(ended + "/operations", StackHost.Resources));
            Assert.Equal("Failed", (await StackHost.JsonAsync(await again.SendUrlAsync(HttpMethod.Get, status))).Text("status"));
            JsonNode operations = await again.GetAsync(running + "/operations", StackHost.Resources);
            Assert.All(operations["value"]!.AsArray(), operation => Assert.Contains(operation.Text("properties", "provisioningState"), (string[])["Succeeded", "Failed"]));
            JsonNode repeated = await TemplateRunner.DeployAsync(again, Group, "running", TemplateRunner.Body(JsonNode.Parse(Template)!, Secret("s")));
            Assert.True(TemplateRunner.State(repeated) == "Succeeded", repeated.ToJsonString());
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    [Fact]
    public async Task Get_AfterDeployment_SecretsAreNowhere()
    {
        TemplateRunner.RequireBicep();
        await using StackHost host = await StartAsync();
        JsonObject template = (JsonObject)JsonNode.Parse(Template)!;
        ((JsonArray)template["resources"]!)[0]!["tags"] = new JsonObject();
        JsonNode deployment = await TemplateRunner.DeployAsync(host, Group, "d", TemplateRunner.Body(template, Secret("canary")));
        string id = TemplateRunner.IdOf(host, Group, "d");
        JsonNode operations = await host.GetAsync(id + "/operations", StackHost.Resources);
        JsonNode exported = await StackHost.JsonAsync(await host.SendAsync(HttpMethod.Post, id + "/exportTemplate", StackHost.Resources));
        Assert.DoesNotContain("canary", deployment.ToJsonString() + operations.ToJsonString() + exported.ToJsonString(), StringComparison.Ordinal);
        Assert.Equal("""{"type":"SecureString"}""", deployment["properties"]!["parameters"]!["secret"]!.ToJsonString());
        Assert.Equal(2, deployment["properties"]!["parameters"]!["count"].Number("value"));
        Assert.Equal(["EvaluateDeploymentOutput", "Create"], operations["value"]!.AsArray().Select(operation => operation.Text("properties", "provisioningOperation")).Distinct().OrderDescending());
        Assert.Equal(6, operations["value"]!.AsArray().Count);
    }

    [Fact]
    public async Task Operations_PathOfOldClients_IsTheSameList()
    {
        TemplateRunner.RequireBicep();
        await using StackHost host = await StartAsync();
        await TemplateRunner.DeployAsync(host, Group, "d", TemplateRunner.Body(JsonNode.Parse(Template)!, Secret("x")));
        JsonNode modern = await host.GetAsync(TemplateRunner.IdOf(host, Group, "d") + "/operations", StackHost.Resources);
        Assert.True(JsonNode.DeepEquals(modern, await host.GetAsync(host.Group(Group) + "/deployments/d/operations", StackHost.Resources)));
    }

    [Fact]
    public async Task Put_ResourceThatIsRefused_FailsWithTheProvidersWords()
    {
        TemplateRunner.RequireBicep();
        await using StackHost host = await StartAsync();
        JsonNode deployment = await TemplateRunner.DeployAsync(host, Group, "d", TemplateRunner.Body(One("Microsoft.Storage/storageAccounts", "2019-06-01", "Not_A_Name", "\"sku\":{\"name\":\"Standard_LRS\"},\"kind\":\"Storage\",")));
        Assert.Equal("Failed", TemplateRunner.State(deployment));
        Assert.Equal("DeploymentFailed > BadRequest > AccountNameInvalid", TemplateRunner.Codes(deployment));
        JsonNode operation = (await host.GetAsync(TemplateRunner.IdOf(host, Group, "d") + "/operations", StackHost.Resources))["value"]!.AsArray().Single()!;
        Assert.Equal(("Failed", "BadRequest", "AccountNameInvalid"), (operation.Text("properties", "provisioningState"), operation.Text("properties", "statusCode"), operation.Text("properties", "statusMessage", "error", "code")));
    }

    [Theory]
    [InlineData("""{"$schema":"x","contentVersion":"1.0.0.0","parameters":{"p":{"type":"string"}},"resources":[]}""", "'p' is not provided")]
    [InlineData("""{"$schema":"https://schema.management.azure.com/schemas/2015-01-01/deploymentTemplate.json#","contentVersion":"1.0.0.0","resources":[{"type":"Microsoft.Network/publicIPAddresses","apiVersion":"2018-11-01","name":"[variables('none')]","location":"local"}]}""", "none")]
    [InlineData("""{"$schema":"https://schema.management.azure.com/schemas/2015-01-01/deploymentTemplate.json#","contentVersion":"1.0.0.0","resources":[{"type":"Microsoft.Network/publicIPAddresses","apiVersion":"2018-11-01","name":"a","location":"local","dependsOn":["b"]}]}""", "'b' is not defined in the template")]
    [InlineData("""{"$schema":"https://schema.management.azure.com/schemas/2015-01-01/deploymentTemplate.json#","contentVersion":"1.0.0.0","resources":[{"type":"Microsoft.Network/publicIPAddresses","apiVersion":"2018-11-01","name":"a","location":"local","dependsOn":["b"]},{"type":"Microsoft.Network/publicIPAddresses","apiVersion":"2018-11-01","name":"b","location":"local","dependsOn":["a"]}]}""", "Circular dependency")]
    [InlineData("""{"$schema":"https://schema.management.azure.com/schemas/2015-01-01/deploymentTemplate.json#","contentVersion":"1.0.0.0"}""", "resources")]
    public async Task Validate_TemplateThatIsNotValid_IsRefusedWithTheReason(string template, string reason)
    {
        TemplateRunner.RequireBicep();
        await using StackHost host = await StartAsync();
        foreach ((HttpMethod method, string action) in new[] { (HttpMethod.Post, "/validate"), (HttpMethod.Put, "") })
        {
            HttpResponseMessage response = await host.SendAsync(method, TemplateRunner.IdOf(host, Group, "d") + action, StackHost.Resources, TemplateRunner.Body(JsonNode.Parse(template)!).ToJsonString());
            JsonNode error = (await StackHost.JsonAsync(response))["error"]!;
            Assert.Equal((400, "InvalidTemplate"), ((int)response.StatusCode, error.Text("code")));
            Assert.Contains(reason, error.Text("message"), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Validate_TemplateThatIsValid_WritesNothing()
    {
        TemplateRunner.RequireBicep();
        await using StackHost host = await StartAsync();
        JsonNode validated = await StackHost.JsonAsync(await host.SendAsync(HttpMethod.Post, TemplateRunner.IdOf(host, Group, "d") + "/validate", StackHost.Resources, TemplateRunner.Body(JsonNode.Parse(Template)!, Secret("x")).ToJsonString()));
        Assert.Equal(5, validated["properties"]!["validatedResources"]!.AsArray().Count);
        Assert.Equal(404, (int)(await host.SendAsync(HttpMethod.Head, TemplateRunner.IdOf(host, Group, "d"), StackHost.Resources)).StatusCode);
        Assert.Empty((await host.GetAsync(host.Subscription + "/resources", StackHost.Resources))["value"]!.AsArray());
    }

    [Fact]
    public async Task Put_AtSubscriptionScope_MakesGroupsAndDeploysIntoThem()
    {
        TemplateRunner.RequireBicep();
        await using StackHost host = await StartAsync();
        JsonNode template = JsonNode.Parse("""
            {"$schema":"https://schema.management.azure.com/schemas/2018-05-01/subscriptionDeploymentTemplate.json#","contentVersion":"1.0.0.0","resources":[
              {"type":"Microsoft.Resources/resourceGroups","apiVersion":"2018-05-01","name":"made","location":"local"},
              {"type":"Microsoft.Resources/deployments","apiVersion":"2018-05-01","name":"in","resourceGroup":"made","dependsOn":["made"],"properties":{"mode":"Incremental","template":{
                "$schema":"https://schema.management.azure.com/schemas/2015-01-01/deploymentTemplate.json#","contentVersion":"1.0.0.0","resources":[
                  {"type":"Microsoft.Network/publicIPAddresses","apiVersion":"2018-11-01","name":"pip","location":"local","properties":{}}]}}}]}
            """)!;
        JsonNode deployment = await TemplateRunner.DeployAsync(host, null, "d", TemplateRunner.Body(template, null, "local"));
        Assert.True(TemplateRunner.State(deployment) == "Succeeded", deployment.ToJsonString());
        Assert.Equal("local", deployment.Text("location"));
        Assert.Equal("pip", (await host.GetAsync(host.Id("made", "Microsoft.Network/publicIPAddresses", "pip"), StackHost.Network)).Text("name"));
        Assert.Equal("Succeeded", TemplateRunner.State(await host.GetAsync(TemplateRunner.IdOf(host, "made", "in"), StackHost.Resources)));
    }

    [Fact]
    public async Task Cancel_RunningDeployment_EndsItAndWhatWaitedIsNotMade()
    {
        TemplateRunner.RequireBicep();
        await using StackHost host = await StartAsync();
        string id = TemplateRunner.IdOf(host, Group, "d");
        JsonObject body = TemplateRunner.Body(JsonNode.Parse(Template)!, Secret("x"));
        Assert.Equal(201, (int)(await host.SendAsync(HttpMethod.Put, id, StackHost.Resources, body.ToJsonString())).StatusCode);
        await host.AssertRefusedAsync(409, "DeploymentActive", HttpMethod.Put, id, StackHost.Resources, body.ToJsonString());
        Assert.Equal(204, (int)(await host.SendAsync(HttpMethod.Post, id + "/cancel", StackHost.Resources)).StatusCode);
        host.Stack.AdvanceClock(TimeSpan.FromMinutes(1));
        Assert.Equal("Canceled", TemplateRunner.State(await host.GetAsync(id, StackHost.Resources)));
        await host.AssertRefusedAsync(409, "DeploymentCannotBeCancelled", HttpMethod.Post, id + "/cancel", StackHost.Resources);
        await host.AssertRefusedAsync(404, "ResourceNotFound", HttpMethod.Get, host.Id(Group, "Microsoft.Network/networkInterfaces", "nic0"), StackHost.Network);
        Assert.Equal(204, (int)(await host.SendAsync(HttpMethod.Delete, id, StackHost.Resources)).StatusCode);
        await host.AssertRefusedAsync(404, "DeploymentNotFound", HttpMethod.Get, id, StackHost.Resources);
    }

    [Fact]
    public async Task Put_WithoutTheBicepCli_SaysWhatToInstall()
    {
        await using StackHost host = await StartAsync(new EmulatedStackOptions { BicepPath = Path.Combine(Path.GetTempPath(), "there-is-no-bicep-here") });
        JsonNode answer = await TemplateRunner.DeployAsync(host, Group, "d", TemplateRunner.Body(One("Microsoft.Network/publicIPAddresses", "2018-11-01", "a", "")));
        Assert.Equal("TemplateEngineNotAvailable", TemplateRunner.Codes(answer));
        Assert.Contains("--bicep", answer.Text("error", "message"), StringComparison.Ordinal);
    }

    private static JsonObject Secret(string value) => new() { ["secret"] = new JsonObject { ["value"] = value } };

    private static JsonNode One(string type, string version, string name, string more) => JsonNode.Parse(
        $$$$"""{"$schema":"https://schema.management.azure.com/schemas/2015-01-01/deploymentTemplate.json#","contentVersion":"1.0.0.0","resources":[{"type":"{{{{type}}}}","apiVersion":"{{{{version}}}}","name":"{{{{name}}}}","location":"local",{{{{more}}}}"properties":{}}]}""")!;

    private static async Task<StackHost> StartAsync(EmulatedStackOptions? options = null)
    {
        StackHost host = await StackHost.StartAsync(options);
        await host.MakeGroupAsync(Group);
        return host;
    }
}
