using System.Security.Cryptography;
using System.Text.Json.Nodes;
using AzsBackup.Emulator.Persistence;

namespace AzsBackup.Emulator.Identity;

/// <summary>The users and applications of the stack's one tenant. Safe for concurrent use.</summary>
internal sealed class PrincipalDirectory
{
    private readonly FactTable<JsonObject> _facts;
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Principal> _byName = new(StringComparer.OrdinalIgnoreCase);

    /// <param name="facts">Where they are kept, and were before a restart.</param>
    public PrincipalDirectory(FactTable<JsonObject> facts)
    {
        _facts = facts;
        foreach ((_, JsonObject kept) in facts.Load())
        {
            Principal principal = Principal.FromJson(kept);
            _byName[principal.SignInName] = principal;
        }
    }

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
        {
            if (!_byName.TryAdd(principal.SignInName, principal))
                return false;
            Keep(principal);
            return true;
        }
    }

    /// <summary>Adds a principal, or renews what is known of it; sign-outs stay.</summary>
    public void Set(Principal principal)
    {
        lock (_gate)
        {
            if (_byName.TryGetValue(principal.SignInName, out Principal? known))
                principal = principal with { TokensValidFrom = known.TokensValidFrom };
            _byName[principal.SignInName] = principal;
            Keep(principal);
        }
    }

    public bool Remove(string signInName)
    {
        lock (_gate)
        {
            if (!_byName.Remove(signInName))
                return false;
            _facts.Remove(KeyOf(signInName));
            return true;
        }
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
            _byName[signInName] = principal = principal with { TokensValidFrom = from };
            Keep(principal);
            return true;
        }
    }

    private static string KeyOf(string signInName) => signInName.ToUpperInvariant();

    private void Keep(Principal principal) => _facts.Set(KeyOf(principal.SignInName), principal.ToJson());
}
