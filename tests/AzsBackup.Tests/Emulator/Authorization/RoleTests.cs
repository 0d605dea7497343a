using System.Text.Json.Nodes;
using AzsBackup.Emulator.Authorization;
using AzsBackup.Emulator.Hosting;
using AzsBackup.Tests.Emulator.Hosting;
using Xunit;

namespace AzsBackup.Tests.Emulator.Authorization;

public sealed class RoleTests
{
    private const string Version = "2015-07-01";

    [Theory]
    [InlineData("*", "Microsoft.Compute/disks/write", true)]
    [InlineData("*/read", "Microsoft.Compute/disks/read", true)]
    [InlineData("*/read", "Microsoft.Compute/disks/write", false)]
    [InlineData("microsoft.compute/*/read", "Microsoft.Compute/virtualMachines/extensions/read", true)]
    [InlineData("Microsoft.Compute/disks/*", "Microsoft.Compute/disksets/read", false)]
    [InlineData("Microsoft.Authorization/*/Write", "Microsoft.Authorization/roleAssignments/write", true)]
    public void Pattern_Action_Matches(string pattern, string action, bool expected) =>
        Assert.Equal(expected, RolePermission.Matches(pattern, action));

    [Fact]
    public async Task Reader_OfOneGroup_SeesThatGroupAndChangesNothing()
    {
        await using StackHost host = await StackHost.StartAsync();
        await host.MakeGroupAsync("mine");
        await host.MakeGroupAsync("theirs");
        string disk = await host.MakeDiskAsync("mine", "disk");
        await host.MakeDiskAsync("theirs", "hidden");
        await SignInWithAsync(host, "Reader", host.Group("mine"));

        Assert.Equal("disk", (await host.GetAsync(disk, StackHost.Disks))["name"]!.GetValue<string>());
        JsonNode groups = await host.GetAsync(host.Subscription + "/resourceGroups", StackHost.Resources);
        Assert.Equal("mine", Assert.Single(groups["value"]!.AsArray())!["name"]!.GetValue<string>());
        JsonNode disks = await host.GetAsync(host.Subscription + "/providers/Microsoft.Compute/disks", StackHost.Disks);
        Assert.Equal("disk", Assert.Single(disks["value"]!.AsArray())!["name"]!.GetValue<string>());
        await host.AssertRefusedAsync(403, "AuthorizationFailed", HttpMethod.Delete, disk, StackHost.Disks);
        await host.AssertRefusedAsync(403, "AuthorizationFailed", HttpMethod.Post, disk + "/beginGetAccess", StackHost.Disks, """{"access":"Read","durationInSeconds":60}""");
        await host.AssertRefusedAsync(403, "AuthorizationFailed", HttpMethod.Get, host.Id("theirs", "Microsoft.Compute/disks", "hidden"), StackHost.Disks);
    }

    [Fact]
    public async Task Refusal_NamesClientActionAndScope()
    {
        await using StackHost host = await StackHost.StartAsync();
        JsonNode nobody = await SignInWithAsync(host, null, null);
        Assert.Empty((await host.GetAsync("/subscriptions", "2016-06-01"))["value"]!.AsArray());
        HttpResponseMessage response = await host.SendAsync(HttpMethod.Put, host.Group("new"), StackHost.Resources, """{"location":"local"}""");
        string message = (await StackHost.JsonAsync(response))["error"]!["message"]!.GetValue<string>();
        Assert.Equal(
            $"The client '{nobody["signInName"]}' with object id '{nobody["objectId"]}' does not have authorization to perform action 'Microsoft.Resources/subscriptions/resourceGroups/write' over scope '{host.Group("new")}' or the scope is invalid. If access was recently granted, please refresh your credentials.",
            message);
    }

    [Fact]
    public async Task Contributor_MayNotAssignRolesOrLock()
    {
        await using StackHost host = await StackHost.StartAsync(new EmulatedStackOptions { Role = "Contributor" });
        await host.MakeGroupAsync("group");
        await host.MakeDiskAsync("group", "disk");
        await host.AssertRefusedAsync(403, "AuthorizationFailed", HttpMethod.Put, host.Group("group") + "/providers/Microsoft.Authorization/locks/lock", StackHost.Locks, """{"properties":{"level":"ReadOnly"}}""");
        await host.AssertRefusedAsync(403, "AuthorizationFailed", HttpMethod.Put, AssignmentId(host), Version, """{"properties":{"roleDefinitionId":"x","principalId":"y"}}""");
        JsonNode permissions = await host.GetAsync(host.Group("group") + "/providers/Microsoft.Authorization/permissions", Version);
        Assert.Contains("Microsoft.Authorization/*/Write", permissions.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task CustomRole_OfBackup_AllowsWhatItNames()
    {
        await using StackHost host = await StackHost.StartAsync();
        await host.MakeGroupAsync("group");
        string disk = await host.MakeDiskAsync("group", "disk");
        string role = $"{host.Subscription}/providers/Microsoft.Authorization/roleDefinitions/{Guid.NewGuid()}";
        await host.DoAsync(HttpMethod.Put, role, Version, $$$"""
            {"properties":{"roleName":"Backup","assignableScopes":["{{{host.Subscription}}}"],"permissions":[{"actions":["Microsoft.Compute/*/read","Microsoft.Compute/snapshots/*"],"notActions":["Microsoft.Compute/snapshots/delete"]}]}}
            """);
        (_, JsonNode principal) = await host.ControlAsync(HttpMethod.Post, "principals", """{"kind":"servicePrincipal","name":"backup"}""");
        string body = $$$"""{"properties":{"roleDefinitionId":"{{{role}}}","principalId":"{{{principal["objectId"]}}}"}}""";
        await host.DoAsync(HttpMethod.Put, AssignmentId(host), Version, body);
        await host.AssertRefusedAsync(409, "RoleAssignmentExists", HttpMethod.Put, AssignmentId(host), Version, body);
        await host.AssertRefusedAsync(400, "RoleDefinitionHasAssignments", HttpMethod.Delete, role, Version);
        await SignInAsync(host, principal);
        string snapshot = await host.MakeSnapshotAsync("group", "snapshot", disk);
        await host.GrantAsync(snapshot);
        await host.AssertRefusedAsync(403, "AuthorizationFailed", HttpMethod.Delete, snapshot, StackHost.Disks);
        await host.AssertRefusedAsync(403, "AuthorizationFailed", HttpMethod.Delete, disk, StackHost.Disks);
    }

    [Fact]
    public async Task Assignment_OfUnknownPrincipalOrRole_IsRefused()
    {
        await using StackHost host = await StackHost.StartAsync();
        string reader = $"{host.Subscription}/providers/Microsoft.Authorization/roleDefinitions/acdd72a7-3385-48ef-bd42-f606fba81ae7";
        await host.AssertRefusedAsync(400, "PrincipalNotFound", HttpMethod.Put, AssignmentId(host), Version, $$$"""{"properties":{"roleDefinitionId":"{{{reader}}}","principalId":"{{{Guid.NewGuid()}}}"}}""");
        await host.AssertRefusedAsync(400, "RoleDefinitionDoesNotExist", HttpMethod.Put, AssignmentId(host), Version, $$$"""{"properties":{"roleDefinitionId":"{{{host.Subscription}}}/providers/Microsoft.Authorization/roleDefinitions/{{{Guid.NewGuid()}}}","principalId":"{{{Guid.NewGuid()}}}"}}""");
    }

    private static string AssignmentId(StackHost host) => $"{host.Subscription}/providers/Microsoft.Authorization/roleAssignments/{Guid.NewGuid()}";

    private static async Task<JsonNode> SignInWithAsync(StackHost host, string? role, string? scope)
    {
        string grant = role is null ? "" : $",\"role\":\"{role}\",\"scope\":\"{scope}\"";
        (_, JsonNode principal) = await host.ControlAsync(HttpMethod.Post, "principals", $$"""{"kind":"servicePrincipal","name":"somebody"{{grant}}}""");
        await SignInAsync(host, principal);
        return principal;
    }

    private static async Task SignInAsync(StackHost host, JsonNode principal)
    {
        using FormUrlEncodedContent form = new([
            new("grant_type", "client_credentials"), new("client_id", principal["signInName"]!.GetValue<string>()),
            new("client_secret", principal["secret"]!.GetValue<string>()), new("scope", await host.AudienceAsync() + "/.default")]);
        using HttpClient client = host.CreateClient();
        using HttpResponseMessage response = await client.PostAsync(new Uri(host.Stack.ArmEndpoint, $"/{host.Stack.TenantId}/oauth2/v2.0/token"), form, StackHost.Cancel);
        host.UseToken((await StackHost.JsonAsync(response))["access_token"]!.GetValue<string>());
    }
}
