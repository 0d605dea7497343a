using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using AzsBackup.Emulator.Arm;
using AzsBackup.Emulator.Hosting;
using AzsBackup.Tests.Emulator.Hosting;
using AzsBackup.Tests.Emulator.Replay;
using Xunit;

namespace AzsBackup.Tests.Emulator.Deployments;

/// <summary>The templates that the Azure CLI sends for its convenience commands, as it was recorded sending them.</summary>
public sealed partial class AzureCliTemplateTests
{
    [Theory]
    [InlineData("vm/test_vm_create_ubuntu.yaml", "Microsoft.Compute/virtualMachines")]
    [InlineData("vm/test_vm_create_windows_secrets.yaml", "Microsoft.Compute/virtualMachines")]
    [InlineData("vm/test_vm_create_state_modifications.yaml", "Microsoft.Compute/virtualMachines")]
    [InlineData("network/test_network_lb.yaml", "Microsoft.Network/loadBalancers")]
    public async Task Put_FirstTemplateOfARecording_IsDeployed(string recording, string type)
    {
        TemplateRunner.RequireBicep();
        RecordedInteraction put = RecordingReader.Read(Path.Combine(Material.Folder("azure-cli-recordings"), "hybrid_2020_09_01", recording)).Interactions
            .First(interaction => interaction.Method == "PUT" && interaction.Path.Contains("/Microsoft.Resources/deployments/", StringComparison.Ordinal));
        await using StackHost host = await StackHost.StartAsync(new EmulatedStackOptions { SubscriptionId = new Guid() });
        string group = put.Path.Split('/')[4];
        await host.MakeGroupAsync(group);
        JsonObject body = (JsonObject)JsonNode.Parse(Location().Replace(Encoding.UTF8.GetString(put.RequestBody), "\"location\": \"local\""))!;
        JsonNode deployment = await TemplateRunner.DeployAsync(host, group, "cli", body);
        Assert.True(TemplateRunner.State(deployment) == "Succeeded", deployment.ToJsonString());
        Assert.Contains(deployment["properties"]!["outputResources"]!.AsArray(), resource => ArmId.Parse(resource.Text("id")!).Is(type));
    }

    [GeneratedRegex("\"location\": \"\\w+\"")]
    private static partial Regex Location();
}
