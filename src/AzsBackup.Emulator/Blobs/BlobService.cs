using System.Collections.Concurrent;
using System.Security.Cryptography;
using AzsBackup.Emulator.Blobs.Authentication;
using AzsBackup.Emulator.Blobs.Http;
using AzsBackup.Emulator.Blobs.Store;
using AzsBackup.Emulator.Pages;
using AzsBackup.Emulator.Persistence;

namespace AzsBackup.Emulator.Blobs;

/// <summary>
/// The blob service of a stamp: storage accounts, their containers, and page and block blobs, over the REST protocol;
/// and the platform's own accounts, through which disks and snapshots are exported.
/// </summary>
/// <remarks>Safe to call from any thread. Volumes found or made here belong to their blob: who wants to keep one takes a snapshot or a fork of it.</remarks>
public sealed class BlobService
{
    private readonly PageStore _pages;
    private readonly ServiceClock _clock;
    private readonly BlobServiceOptions _options;
    private readonly ConcurrentDictionary<string, StorageAccount> _accounts = new(StringComparer.Ordinal);
    private readonly ExpiredSas _expired = new();
    private readonly BlobFrontEnd _frontEnd;
    private readonly BlobFacts _facts;

    /// <summary>Makes a service without accounts.</summary>
    /// <param name="pages">Where page blobs lie.</param>
    /// <param name="directory">Where contents of block blobs lie; it belongs to the service and is created with the first one.</param>
    /// <param name="options">What is accepted.</param>
    /// <param name="clock">Stamps blobs, and decides what has expired.</param>
    /// <exception cref="ArgumentException">Exports would be signed for a version the service doesn't know.</exception>
    public BlobService(PageStore pages, string directory, BlobServiceOptions options, TimeProvider clock)
        : this(pages, directory, options, clock, null)
    {
    }

    /// <summary>Makes a service with the accounts that a database knows, which <paramref name="pages"/> was made with too.</summary>
    /// <exception cref="IOException">What the database says does not fit what is there.</exception>
    internal BlobService(PageStore pages, string directory, BlobServiceOptions options, TimeProvider clock, StateDatabase? database)
    {
        if (!options.Versions.Contains(options.GrantVersion))
            throw new ArgumentException($"The version of exports, {options.GrantVersion}, is not in the list of versions.", nameof(options));
        _pages = pages;
        _options = options;
        _clock = new ServiceClock(clock);
        var contents = new ContentStore(directory, database);
        _frontEnd = new BlobFrontEnd(pages, contents, options, _clock, _expired, name => _accounts.GetValueOrDefault(name));
        _facts = new BlobFacts(database);
        new BlobRestorer(_facts, contents, _clock, _accounts).Restore();
    }

    /// <summary>Adds a storage account without containers.</summary>
    /// <exception cref="InvalidOperationException">There is one of that name.</exception>
    public void AddAccount(string name, IReadOnlyList<byte[]> keys)
    {
        var account = new StorageAccount(name, keys, _clock, _facts);
        if (!_accounts.TryAdd(name, account))
            throw new InvalidOperationException($"There is a storage account {name} already.");
        _facts.Save(account);
    }

    /// <summary>Changes the keys an account's signatures are checked with: those made with the old ones fail from now on.</summary>
    /// <exception cref="KeyNotFoundException">There is no such account.</exception>
    public void SetKeys(string name, IReadOnlyList<byte[]> keys)
    {
        var account = Account(name);
        account.ChangeSelf(() => account.Keys = keys);
    }

    /// <summary>Removes an account with all its blobs; false if there is none of that name.</summary>
    public bool RemoveAccount(string name)
    {
        if (!_accounts.TryRemove(name, out var account))
            return false;
        using var kept = _facts.Begin();
        account.Delete();
        return true;
    }

    /// <summary>Answers one request.</summary>
    /// <param name="context">The request and where the answer goes.</param>
    /// <param name="account">The account's name, from the host name or the first segment of the path.</param>
    /// <param name="rest">What follows in the path: /container/blob. Equal to the request's path for host style; shorter for path style.</param>
    public Task HandleAsync(HttpContext context, string account, PathString rest) =>
        _frontEnd.HandleAsync(context, account, _accounts.GetValueOrDefault(account), isPathStyle: context.Request.PathBase + context.Request.Path != rest);

    /// <summary>Answers one request with a refusal, as the service says it. Parameters as for <see cref="HandleAsync"/>.</summary>
    public Task RefuseAsync(HttpContext context, string account, PathString rest, BlobException refusal) =>
        _frontEnd.HandleAsync(context, account, _accounts.GetValueOrDefault(account), isPathStyle: context.Request.PathBase + context.Request.Path != rest, refusal);

    /// <summary>The names of the operations the service has, as the documentation calls them, without spaces.</summary>
    public IReadOnlyCollection<string> OperationNames => _frontEnd.OperationNames;

    /// <summary>The name of the operation that a request is; null if it is none of the service's. Parameters as for <see cref="HandleAsync"/>.</summary>
    public string? OperationOf(HttpContext context, string account, PathString rest) =>
        _frontEnd.OperationOf(context, account, isPathStyle: context.Request.PathBase + context.Request.Path != rest);

    /// <summary>Lets a SAS expire before its time.</summary>
    /// <param name="signature">Its sig, decoded.</param>
    public void ExpireSas(string signature) => _expired.Add(signature);

    /// <summary>Whether the SAS of a grant has expired before its time.</summary>
    public bool HasExpired(Uri granted) =>
        granted.Query.Split('&', '?').FirstOrDefault(part => part.StartsWith("sig=", StringComparison.Ordinal)) is { } part && _expired.Contains(Uri.UnescapeDataString(part["sig=".Length..]));

    /// <summary>The volume of a page blob or of one of its snapshots, for an unmanaged disk or an import; null if there is no such page blob.</summary>
    /// <param name="account">The storage account.</param>
    /// <param name="container">The container.</param>
    /// <param name="blob">The blob's name.</param>
    /// <param name="snapshot">The value of the snapshot query parameter; null for the blob itself.</param>
    public PageVolume? FindPageBlob(string account, string container, string blob, string? snapshot = null)
    {
        if (_accounts.GetValueOrDefault(account)?.Find(container) is not { } found)
            return null;
        try
        {
            return found.Read(blob, slot => (slot.Find(snapshot) as PageBlob)?.Volume);
        }
        catch (BlobException e) when (e.Status == 404)
        {
            return null;
        }
    }

    /// <summary>Makes an empty page blob of so many bytes, a multiple of 512; and its container if there is none.</summary>
    /// <exception cref="KeyNotFoundException">There is no such account.</exception>
    /// <exception cref="InvalidOperationException">There is a blob of that name.</exception>
    public PageVolume CreatePageBlob(string account, string container, string blob, long length)
    {
        var owner = Account(account);
        var place = owner.Find(container) ?? owner.Add(container, null, []) ?? owner.Find(container)!;
        return place.Change(blob, slot =>
        {
            if (slot.Base is not null)
                throw new InvalidOperationException($"There is a blob {container}/{blob} in {account} already.");
            var made = new PageBlob(BlobProperties.Fresh(_clock), _pages.Create(length));
            slot.Replace(made);
            return made.Volume;
        });
    }

    /// <summary>
    /// Exports a disk or a snapshot: its volume becomes a page blob in an account of the platform's, and the URI returned opens it.
    /// The volume stays the caller's, who keeps it alive until the grant is revoked.
    /// </summary>
    /// <param name="volume">What to export.</param>
    /// <param name="baseUri">The root of the blob endpoint, in path style; ends with a slash.</param>
    /// <param name="duration">After this, by the service's clock, requests fail with 403 AuthenticationFailed.</param>
    /// <param name="permissions">r, or rw for an upload.</param>
    /// <returns>The SAS, of the form {baseUri}md-xxxx/yyyy/abcd?sv=…&amp;sr=b&amp;si=…&amp;sig=… (recorded from Azure).</returns>
    public Uri Grant(PageVolume volume, Uri baseUri, TimeSpan duration, string permissions)
    {
        const string Blob = "abcd";
        var name = "md-" + Letters(12);
        var container = Letters(12);
        var key = RandomNumberGenerator.GetBytes(64);
        var policy = Guid.NewGuid().ToString("D");

        using var kept = _facts.Begin();
        var account = new StorageAccount(name, [key], _clock, _facts);
        _facts.Save(account);
        var place = account.Add(container, null, [])!;
        place.ChangeSelf(() => place.Policies = new Dictionary<string, AccessPolicy> { [policy] = new(null, _clock.Now + duration, permissions) });
        place.Change(Blob, slot =>
        {
            slot.Replace(new PageBlob(BlobProperties.Fresh(_clock), volume, ownsVolume: false));
            return true;
        });
        _accounts[name] = account;

        var sas = new ServiceSas { Version = _options.GrantVersion, Resource = "b", Identifier = policy };
        var signature = Signature.Of(key, sas.TextToSign($"/blob/{name}/{container}/{Blob}", null));
        return new Uri(baseUri, $"{name}/{container}/{Blob}?sv={sas.Version}&sr=b&si={policy}&sig={Uri.EscapeDataString(signature)}");
    }

    /// <summary>Ends a grant at once; false if there is none, or it was ended before.</summary>
    public bool Revoke(Uri granted)
    {
        var name = granted.Segments.Select(s => s.Trim('/')).Prepend(granted.Host.Split('.')[0]).FirstOrDefault(s => s.StartsWith("md-", StringComparison.Ordinal));
        return name is not null && RemoveAccount(name);
    }

    private StorageAccount Account(string name) =>
        _accounts.GetValueOrDefault(name) ?? throw new KeyNotFoundException($"There is no storage account {name}.");

    private static string Letters(int count) => RandomNumberGenerator.GetString("bcdfghjklmnpqrstvwxz0123456789", count);
}
