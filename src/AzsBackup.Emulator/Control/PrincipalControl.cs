using System.Text.Json.Nodes;
using AzsBackup.Emulator.Arm;
using AzsBackup.Emulator.Authorization;
using AzsBackup.Emulator.Identity;

namespace AzsBackup.Emulator.Control;

/// <summary>What a directory's administrator does: adds users and applications, gives them roles, signs them out everywhere.</summary>
internal sealed class PrincipalControl(StackState stack, ArmEngine arm)
{
    /// <summary>The principals, without their secrets.</summary>
    public JsonObject List() => new() { ["value"] = new JsonArray([.. stack.Principals.All.Select(View)]) };

    /// <summary>
    /// Adds a principal: <c>kind</c> (user or servicePrincipal), <c>name</c>, and optionally <c>secret</c> and a <c>role</c> with a
    /// <c>scope</c> (the subscription if absent). The answer holds its secret.
    /// </summary>
    /// <exception cref="ControlException">The request is not usable, or the name is taken.</exception>
    public JsonObject Add(JsonNode? request)
    {
        if (!Enum.TryParse(request.Text("kind"), ignoreCase: true, out PrincipalKind kind) || request.Text("name") is not { Length: > 0 } name)
            throw new ControlException(400, "The request needs \"kind\", user or servicePrincipal, and \"name\".");
        string signInName = kind == PrincipalKind.ServicePrincipal ? stack.Ids.NewId()
            : name.Contains('@', StringComparison.Ordinal) ? name : $"{name}@{stack.Domain}";
        Principal principal = new(kind, stack.Ids.NewId(), signInName, name, request.Text("secret") ?? PrincipalDirectory.NewSecret());
        BuiltInRole? role = null;
        if (request.Text("role") is { } roleName)
            role = BuiltInRole.Find(roleName) ?? throw new ControlException(400, $"There is no built-in role '{roleName}'.");
        using StackTurn turn = stack.Take();
        if (!stack.Principals.TryAdd(principal))
            throw new ControlException(409, $"There is a principal '{signInName}' already.");
        if (role is not null)
            Grant(principal, role, request.Text("scope") ?? stack.SubscriptionScope);
        JsonObject answer = View(principal);
        answer["secret"] = principal.Secret;
        return answer;
    }

    /// <summary>Makes void the tokens a principal, <c>signInName</c>, has got so far.</summary>
    /// <exception cref="ControlException">There is no such principal.</exception>
    public JsonObject Revoke(JsonNode? request)
    {
        string name = request.Text("signInName") ?? "";
        if (!stack.Principals.Revoke(name, stack.Now))
            throw new ControlException(404, $"There is no principal '{name}'. GET /principals lists them.");
        return View(stack.Principals.Find(name)!);
    }

    /// <summary>The role of the principal a new stack begins with.</summary>
    public void GrantAtStart(Principal principal, string role) =>
        Grant(principal, BuiltInRole.Find(role) ?? throw new FormatException($"There is no built-in role '{role}'."), stack.SubscriptionScope);

    private static JsonObject View(Principal principal) => new()
    {
        ["kind"] = principal.Kind.ToString(),
        ["objectId"] = principal.ObjectId,
        ["signInName"] = principal.SignInName,
        ["displayName"] = principal.DisplayName,
    };

    private void Grant(Principal principal, BuiltInRole role, string scope) =>
        arm.Load(ArmId.Create(scope.TrimEnd('/'), "Microsoft.Authorization", ["roleAssignments"], [stack.Ids.NewId()]), ArmJson.Copy(new JsonObject
        {
            ["properties"] = new JsonObject
            {
                ["roleDefinitionId"] = $"{stack.SubscriptionScope}/providers/Microsoft.Authorization/roleDefinitions/{role.Id}",
                ["principalId"] = principal.ObjectId,
            },
        }));
}
