using System.Globalization;
using System.Text.Json.Nodes;
using AzsBackup.Emulator.Arm;
using AzsBackup.Emulator.Identity;

namespace AzsBackup.Emulator.KeyVault;

/// <summary>What one request does with the secrets of one vault. Used while the stack's gate is held.</summary>
internal sealed class VaultSession(StackState stack, ArmResource vault, string baseUri, Caller caller)
{
    private const int MostSecretLength = 25 * 1024;
    private const int PageSize = 25;

    private VaultContents Contents => (VaultContents)(vault.State ??= new VaultContents());

    public ArmResponse List(IQueryCollection query)
    {
        Require("list");
        return Page(query, "/secrets", Contents.Secrets.Select(secret => View(secret.Key, null, secret.Value[^1])));
    }

    public ArmResponse Versions(string name, IQueryCollection query)
    {
        Require("list");
        IEnumerable<SecretVersion> versions = Contents.Secrets.TryGetValue(name, out List<SecretVersion>? found) ? found : [];
        return Page(query, $"/secrets/{name}/versions", versions.Select(version => View(name, version.Version, version)));
    }

    public ArmResponse Get(string name, string version)
    {
        Require("get");
        SecretVersion secret = Find(name, version);
        if (!secret.IsEnabled)
            throw new VaultException(403, "Forbidden", "Operation get is not allowed on a disabled secret.", "SecretDisabled");
        return ArmResponse.Ok(Bundle(name, secret));
    }

    public ArmResponse Set(string name, JsonNode? body)
    {
        Require("set");
        if (name.Length > 127 || name.Any(c => !char.IsAsciiLetterOrDigit(c) && c != '-'))
            throw new VaultException(400, "BadParameter", $"The request URI contains an invalid name: {name}");
        if (body.Text("value") is not { } value || value.Length > MostSecretLength)
            throw new VaultException(400, "BadParameter", "Property value has invalid value");
        SecretVersion made = new SecretVersion(stack.Ids.NewGuid().ToString("N"), value, stack.Now).With(body!);
        if (!Contents.Secrets.TryGetValue(name, out List<SecretVersion>? versions))
            Contents.Secrets[name] = versions = [];
        versions.Add(made);
        stack.Resources.Touch();
        return ArmResponse.Ok(Bundle(name, made));
    }

    public ArmResponse Update(string name, string version, JsonNode? body)
    {
        Require("set");
        SecretVersion old = Find(name, version);
        SecretVersion changed = old.With(body ?? new JsonObject()) with { UpdatedAt = stack.Now };
        List<SecretVersion> versions = Contents.Secrets[name];
        versions[versions.IndexOf(old)] = changed;
        stack.Resources.Touch();
        return ArmResponse.Ok(View(name, changed.Version, changed));
    }

    public ArmResponse Delete(string name)
    {
        Require("delete");
        SecretVersion last = Find(name, "");
        Contents.Secrets.Remove(name);
        stack.Resources.Touch();
        return ArmResponse.Ok(Bundle(name, last));
    }

    private SecretVersion Find(string name, string version)
    {
        if (!Contents.Secrets.TryGetValue(name, out List<SecretVersion>? versions))
            throw new VaultException(404, "SecretNotFound", $"Secret not found: {name}");
        return (version.Length == 0 ? versions[^1] : versions.Find(candidate => ArmPath.Equal(candidate.Version, version)))
            ?? throw new VaultException(404, "SecretNotFound", $"Secret not found: {name}/{version}");
    }

    private void Require(string permission)
    {
        JsonNode? policy = vault.Properties.Array("accessPolicies")?.FirstOrDefault(entry => ArmPath.Equal(entry.Text("objectId") ?? "", caller.ObjectId));
        bool isAllowed = policy.Array("permissions", "secrets")?
            .Any(entry => entry?.ToString() is { } allowed && (ArmPath.Equal(allowed, permission) || ArmPath.Equal(allowed, "all"))) == true;
        if (!isAllowed)
        {
            throw new VaultException(403, "Forbidden",
                $"The user, group or application 'appid={caller.ClientId};oid={caller.ObjectId}' does not have secrets {permission} permission on key vault '{vault.Id.Name};location={stack.Location}'.",
                "ForbiddenByPolicy");
        }
    }

    private JsonObject Bundle(string name, SecretVersion secret)
    {
        JsonObject body = View(name, secret.Version, secret);
        body.Insert(0, "value", secret.Value);
        return body;
    }

    private JsonObject View(string name, string? version, SecretVersion secret)
    {
        JsonObject body = secret.Describe();
        body.Insert(0, "id", $"{baseUri}/secrets/{name}{(version is null ? "" : "/" + version)}");
        return body;
    }

    private ArmResponse Page(IQueryCollection query, string path, IEnumerable<JsonObject> items)
    {
        int size = int.TryParse(query["maxresults"], NumberStyles.None, CultureInfo.InvariantCulture, out int asked) && asked is > 0 and < PageSize ? asked : PageSize;
        int start = int.TryParse(query["$skiptoken"], NumberStyles.None, CultureInfo.InvariantCulture, out int token) ? token : 0;
        List<JsonObject> all = [.. items];
        string? next = start + size < all.Count
            ? $"{baseUri}{path}?api-version={query["api-version"]}&$skiptoken={(start + size).ToString(CultureInfo.InvariantCulture)}&maxresults={size.ToString(CultureInfo.InvariantCulture)}"
            : null;
        return ArmResponse.Ok(new JsonObject { ["value"] = new JsonArray([.. all.Skip(start).Take(size)]), ["nextLink"] = next });
    }
}
