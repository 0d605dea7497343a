using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using AzsBackup.Emulator.Persistence;

namespace AzsBackup.Emulator.Hosting;

/// <summary>What a stack remembers of itself over a restart: who it is, where it listened, how far its clock was moved, whether its estate is loaded.</summary>
internal sealed class StackMemory
{
    private const string Only = "it";

    private readonly FactTable<StackIdentity> _identity;
    private readonly FactTable<StackPorts> _ports;
    private readonly FactTable<long> _numbers;
    private readonly Dictionary<string, long> _remembered;

    public StackMemory(StateDatabase? database)
    {
        _identity = new FactTable<StackIdentity>(database, "stack identity");
        _ports = new FactTable<StackPorts>(database, "stack ports");
        _numbers = new FactTable<long>(database, "stack number");
        _remembered = _numbers.Load().ToDictionary();
    }

    /// <summary>How often the stack has been started before.</summary>
    public long Starts
    {
        get => _remembered.GetValueOrDefault("starts");
        set => _numbers.Set("starts", value);
    }

    /// <summary>How far the clock was moved.</summary>
    public TimeSpan ClockOffset
    {
        get => TimeSpan.FromTicks(_remembered.GetValueOrDefault("clock"));
        set => _numbers.Set("clock", value.Ticks);
    }

    /// <summary>Whether the estate is loaded: from then on, what is kept is the estate.</summary>
    public bool IsLoaded
    {
        get => _remembered.ContainsKey("loaded");
        set => _numbers.Set("loaded", value ? 1 : 0);
    }

    /// <summary>Where the stack listened the last time.</summary>
    public StackPorts? Ports
    {
        get => _ports.Load().Select(fact => fact.Value).FirstOrDefault();
        set => _ports.Set(Only, value!);
    }

    /// <summary>The identity the stack had before, or a new one.</summary>
    /// <exception cref="FormatException">The options ask for another region, domain, tenant or subscription than the state was made with.</exception>
    public StackIdentity Identify(EmulatedStackOptions options, IdSource ids)
    {
        if (_identity.Load() is [{ Value: var known }])
        {
            Require("region", known.Region, options.Region);
            Require("domain", known.Domain, options.Domain);
            Require("tenant", known.TenantId, options.TenantId ?? known.TenantId);
            Require("subscription", known.SubscriptionId, options.SubscriptionId ?? known.SubscriptionId);
            if (!HasExpired(known))
                return known;
            StackIdentity renewed = WithCertificates(known);
            _identity.Set(Only, renewed);
            return renewed;
        }

        using RSA signingKey = RSA.Create(2048);
        StackIdentity made = WithCertificates(new StackIdentity
        {
            Region = options.Region,
            Domain = options.Domain,
            TenantId = options.TenantId ?? ids.NewGuid(),
            SubscriptionId = options.SubscriptionId ?? ids.NewGuid(),
            AudienceId = ids.NewId(),
            ClientId = ids.NewId(),
            ObjectId = ids.NewId(),
            ClientSecret = RandomNumberGenerator.GetHexString(40, lowercase: true),
            SigningKey = signingKey.ExportPkcs8PrivateKey(),
            Authority = "",
            ServerCertificate = [],
        });
        _identity.Set(Only, made);
        return made;
    }

    private static StackIdentity WithCertificates(StackIdentity identity)
    {
        (string authority, byte[] server) = StackCertificates.Create($"{identity.Region}.{identity.Domain}");
        return identity with { Authority = authority, ServerCertificate = server };
    }

    /// <summary>Clients check certificates against the real time.</summary>
    private static bool HasExpired(StackIdentity identity)
    {
        using X509Certificate2 authority = X509Certificate2.CreateFromPem(identity.Authority);
        return authority.NotAfter.ToUniversalTime() <= TimeProvider.System.GetUtcNow().UtcDateTime;
    }

    private static void Require<T>(string what, T known, T asked)
        where T : notnull
    {
        if (!known.Equals(asked))
            throw new FormatException($"The state was made with the {what} '{known}', and the stack was started with '{asked}'. Start it as it was, or with an empty directory.");
    }
}
