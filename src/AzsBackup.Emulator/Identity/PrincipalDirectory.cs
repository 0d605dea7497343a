using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace AzsBackup.Emulator.Identity;

/// <summary>The users and applications of the stack's one tenant. Safe for concurrent use.</summary>
internal sealed class PrincipalDirectory
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Principal> _byName = new(StringComparer.OrdinalIgnoreCase);

    public IReadOnlyList<Principal> All
    {
        get
        {
            lock (_gate)
                return [.. _byName.Values.OrderBy(principal => principal.SignInName, StringComparer.OrdinalIgnoreCase)];
        }
    }

    /// <summary>A secret as directories make them.</summary>
    public static string NewSecret() => RandomNumberGenerator.GetHexString(40, lowercase: true);

    /// <summary>Adds a principal; false if the sign-in name is taken.</summary>
    public bool TryAdd(Principal principal)
    {
        lock (_gate)
            return _byName.TryAdd(principal.SignInName, principal);
    }

    public bool Remove(string signInName)
    {
        lock (_gate)
            return _byName.Remove(signInName);
    }

    public Principal? Find(string? signInName)
    {
        if (signInName is null)
            return null;
        lock (_gate)
            return _byName.GetValueOrDefault(signInName);
    }

    public Principal? FindObject(string? objectId) =>
        All.FirstOrDefault(principal => principal.ObjectId.Equals(objectId, StringComparison.OrdinalIgnoreCase));

    /// <summary>Makes every token issued before <paramref name="from"/> void; false if there is no such principal.</summary>
    public bool Revoke(string signInName, DateTimeOffset from)
    {
        lock (_gate)
        {
            if (!_byName.TryGetValue(signInName, out Principal? principal))
                return false;
            _byName[signInName] = principal with { TokensValidFrom = from };
            return true;
        }
    }

    /// <summary>The principals with their secrets, for a state file.</summary>
    public JsonArray ToJson() => new([.. All.Select(principal => principal.ToJson())]);

    /// <summary>Adds the principals of a state file.</summary>
    public void Load(JsonArray principals)
    {
        foreach (JsonNode? principal in principals)
            TryAdd(Principal.FromJson(principal!));
    }
}
