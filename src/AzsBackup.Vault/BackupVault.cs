using System.Runtime.CompilerServices;
using AzsBackup.Model;
using AzsBackup.Vault.Format;
using AzsBackup.Vault.Maintenance;
using AzsBackup.Vault.Stores;

namespace AzsBackup.Vault;

/// <summary>An opened vault. Safe for concurrent use; any number of processes may have the same vault open.</summary>
public sealed class BackupVault : IDisposable
{
    /// <summary>The newest format version this code reads, and the one it writes.</summary>
    public const int FormatVersion = 1;

    private const int HeadersReadAhead = 8;

    private readonly VaultAccess _access;

    private BackupVault(VaultAccess access) => _access = access;

    /// <summary>What is behind this vault, for tests.</summary>
    internal VaultAccess Access => _access;

    /// <summary>What this vault is.</summary>
    public VaultInfo Info => _access.Info;

    /// <summary>Makes a vault in an empty store and opens it.</summary>
    /// <param name="store">Where; stays the caller's.</param>
    /// <param name="options">What is decided for ever.</param>
    /// <param name="secret">What shall open it; <see langword="null"/> for a vault without encryption. Stays the caller's.</param>
    /// <param name="runtime">Clock and chance.</param>
    /// <param name="cancellationToken">Stops the making; then there is no vault, or a whole one.</param>
    /// <exception cref="AzsException"><c>VaultExists</c>, <c>VaultFolderNotEmpty</c>, <c>VaultOptionsInvalid</c>, or a failure of the store.</exception>
    public static async Task<BackupVault> CreateAsync(
        IObjectStore store, VaultOptions options, VaultSecret? secret, VaultRuntime runtime, CancellationToken cancellationToken)
    {
        options.Validate();
        await VaultOpening.CreateAsync(store, options, secret, runtime, cancellationToken).ConfigureAwait(false);
        return await OpenAsync(store, secret, runtime, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Opens a vault. Writes nothing.</summary>
    /// <param name="store">Where it lies; stays the caller's, and is used until this is disposed of.</param>
    /// <param name="secret">What opens it; <see langword="null"/> for a vault without encryption. Stays the caller's.</param>
    /// <param name="runtime">Clock and chance.</param>
    /// <param name="cancellationToken">Stops the opening.</param>
    /// <exception cref="AzsException">
    /// <c>VaultNotFound</c>, <c>VaultFormatTooNew</c>, <c>VaultDamaged</c>, <c>VaultPasswordRequired</c>, <c>VaultWrongPassword</c>,
    /// <c>VaultNotEncrypted</c> (a secret was given for a vault that has none), or a failure of the store.
    /// </exception>
    public static async Task<BackupVault> OpenAsync(
        IObjectStore store, VaultSecret? secret, VaultRuntime runtime, CancellationToken cancellationToken) =>
        new(await VaultOpening.OpenAsync(store, secret, runtime, cancellationToken).ConfigureAwait(false));

    /// <summary>Begins to write.</summary>
    /// <param name="purpose">What for, for people who wonder who is writing; sealed.</param>
    /// <param name="cancellationToken">Stops the beginning.</param>
    public Task<VaultSession> BeginSessionAsync(string purpose, CancellationToken cancellationToken) =>
        VaultSession.BeginAsync(_access, purpose, cancellationToken);

    /// <summary>
    /// Lists all published points, in no order. A point whose header is damaged is told as such and does not hide the others.
    /// Points published or removed meanwhile may or may not appear.
    /// </summary>
    /// <param name="cancellationToken">Stops the listing.</param>
    public async IAsyncEnumerable<PointHeader> ListPointsAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var reading = new Queue<Task<PointHeader?>>();
        try
        {
            await foreach (var stored in _access.Store.ListAsync(ObjectNames.Points, stop.Token).ConfigureAwait(false))
            {
                if (!ObjectNames.TryParsePoint(stored.Name, out string folder, out string id))
                    continue;
                reading.Enqueue(ReadHeaderAsync(folder, id, stored.CreatedAt, stop.Token));
                if (reading.Count >= HeadersReadAhead && await reading.Dequeue().ConfigureAwait(false) is { } header)
                    yield return header;
            }

            while (reading.TryDequeue(out var task))
            {
                if (await task.ConfigureAwait(false) is { } header)
                    yield return header;
            }
        }
        finally
        {
            // Whoever stops listening early leaves reads under way: end them before the store may be disposed of.
            await stop.CancelAsync().ConfigureAwait(false);
            foreach (Task task in reading)
                await task.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>
    /// Lists the newest point of each item of a source, in no order: the one stored last by the store's clock whose header can
    /// be read. Costs one listing of the source's points and one read for each item.
    /// </summary>
    /// <param name="source">The source, as it was published.</param>
    /// <param name="cancellationToken">Stops the listing.</param>
    public async IAsyncEnumerable<PointHeader> ListNewestPointsAsync(
        string source, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var items = new Dictionary<string, List<(string Folder, string Id, DateTime StoredAt)>>(StringComparer.Ordinal);
        string prefix = ObjectNames.SourceFolder(_access.Keys.NameSource(source));
        await foreach (var stored in _access.Store.ListAsync(prefix, cancellationToken).ConfigureAwait(false))
        {
            if (!ObjectNames.TryParsePoint(stored.Name, out string folder, out string id))
                continue;
            string item = folder[..folder.IndexOf('/', prefix.Length)];
            if (!items.TryGetValue(item, out var points))
                items.Add(item, points = []);
            points.Add((folder, id, stored.CreatedAt));
        }

        foreach (var points in items.Values)
        {
            foreach (var (folder, id, storedAt) in points.OrderByDescending(point => point.StoredAt))
            {
                if (await ReadHeaderAsync(folder, id, storedAt, cancellationToken).ConfigureAwait(false) is not { IsDamaged: false } header)
                    continue;
                yield return header;
                break;
            }
        }
    }

    /// <summary>Says who is writing to the vault now, as far as the store tells; one that died without a word is among them.</summary>
    /// <param name="cancellationToken">Stops the listing.</param>
    public async Task<IReadOnlyList<VaultWriter>> ListWritersAsync(CancellationToken cancellationToken) =>
        (await SessionCensus.TakeAsync(_access, cancellationToken).ConfigureAwait(false)).Writers;

    /// <summary>Opens a point that was listed: reads its header and its indexes, and checks them.</summary>
    /// <param name="point">The point, not damaged.</param>
    /// <param name="cancellationToken">Stops the opening.</param>
    /// <exception cref="AzsException"><c>PointNotFound</c>, <c>PointDamaged</c>, or a failure of the store.</exception>
    public Task<PointReader> OpenPointAsync(PointHeader point, CancellationToken cancellationToken)
    {
        var keys = _access.Keys;
        string folder = ObjectNames.PointFolder(keys.NameSource(point.Source), keys.NameItem(point.Source, point.Item), point.Id);
        return PointReader.OpenAsync(_access, folder, point.Id, point.StoredAt, cancellationToken);
    }

    /// <summary>Opens a point: reads its header and its indexes, and checks them.</summary>
    /// <param name="pointId">The point's id.</param>
    /// <param name="cancellationToken">Stops the opening.</param>
    /// <exception cref="AzsException"><c>PointNotFound</c>, <c>PointDamaged</c>, or a failure of the store.</exception>
    public async Task<PointReader> OpenPointAsync(string pointId, CancellationToken cancellationToken)
    {
        await foreach (var stored in _access.Store.ListAsync(ObjectNames.Points, cancellationToken).ConfigureAwait(false))
        {
            if (ObjectNames.TryParsePoint(stored.Name, out string folder, out string id) && id == pointId)
                return await PointReader.OpenAsync(_access, folder, id, stored.CreatedAt, cancellationToken).ConfigureAwait(false);
        }

        throw VaultErrors.PointNotFound(pointId, Info.Location);
    }

    /// <summary>Forgets the keys. Sessions and readers of this vault can't be used any more.</summary>
    public void Dispose() => _access.Dispose();

    private async Task<PointHeader?> ReadHeaderAsync(string folder, string id, DateTime storedAt, CancellationToken cancellationToken)
    {
        try
        {
            var point = await PointReader.ReadPointAsync(_access, folder, id, cancellationToken).ConfigureAwait(false);
            return point is null ? null : PointReader.HeaderOf(point, storedAt);
        }
        catch (AzsException exception) when (exception.Kind == AzsErrorKind.DataDamaged)
        {
            return new PointHeader { Id = id, StoredAt = storedAt, Damage = exception.Message };
        }
    }
}
