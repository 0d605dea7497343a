using System.Runtime.CompilerServices;
using AzsBackup.Model;
using AzsBackup.Vault.Format;
using AzsBackup.Vault.Keys;
using AzsBackup.Vault.Maintenance;
using AzsBackup.Vault.Proofs;
using AzsBackup.Vault.Removal;
using AzsBackup.Vault.Runs;
using AzsBackup.Vault.Stores;
using AzsBackup.Vault.Verification;

namespace AzsBackup.Vault;

/// <summary>An opened vault. Safe for concurrent use; any number of processes may have the same vault open.</summary>
public sealed class BackupVault : IDisposable
{
    /// <summary>The newest format version this code reads, and the one it writes.</summary>
    public const int FormatVersion = 1;

    private const int HeadersReadAhead = 8;

    private static readonly IReadOnlyDictionary<string, DateTime> NothingVerified = new Dictionary<string, DateTime>();

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

    /// <summary>The secrets that open this vault, oldest first; none without encryption. Slots that can't be read are left out.</summary>
    /// <param name="cancellationToken">Stops the listing.</param>
    public async Task<IReadOnlyList<VaultKey>> ListKeysAsync(CancellationToken cancellationToken)
    {
        _access.ThrowIfDisposed();
        if (!Info.Encrypted)
            return [];
        var slots = await KeySlots.ListAsync(_access.Store, cancellationToken).ConfigureAwait(false);
        return [.. slots.Select(Describe).OrderBy(key => key.CreatedAt).ThenBy(key => key.Id, StringComparer.Ordinal)];
    }

    /// <summary>Lets another secret open this vault. No data is rewritten.</summary>
    /// <param name="secret">The secret; stays the caller's.</param>
    /// <param name="cancellationToken">Stops the adding; then the key is there or not.</param>
    /// <exception cref="AzsException">
    /// <c>VaultHasNoKeys</c> without encryption, <c>VaultCertificateUnsuitable</c> if a private key can't sign, or a failure of the store.
    /// </exception>
    public async Task<VaultKey> AddKeyAsync(VaultSecret secret, CancellationToken cancellationToken)
    {
        ThrowUnlessKeyed();
        var slot = await Task.Run(() => secret.Wrap(_access.Keys.Master, Info.Id, _access.Runtime), cancellationToken).ConfigureAwait(false);
        await KeySlots.CreateAsync(_access.Store, slot.Id, slot.Write(), cancellationToken).ConfigureAwait(false);
        return Describe(slot);
    }

    /// <summary>
    /// Makes a recovery key of 256 random bits, writes it to a file for printing, and lets it open this vault. The file is
    /// durable before the key is added: a key that opens the vault is never lost by a crash.
    /// </summary>
    /// <param name="path">The full path of the file; it must not exist.</param>
    /// <param name="cancellationToken">Stops the making; then there is neither file nor key, or a key nobody knows.</param>
    /// <exception cref="AzsException"><c>VaultHasNoKeys</c>, <c>RecoveryKeyFileExists</c>, <c>RecoveryKeyFileUnwritable</c>, or a failure of the store.</exception>
    public async Task<VaultKey> AddRecoveryKeyAsync(string path, CancellationToken cancellationToken)
    {
        ThrowUnlessKeyed();
        using var secret = RecoveryKeySecret.Generate(_access.Runtime.Random);
        var slot = secret.Wrap(_access.Keys.Master, Info.Id, _access.Runtime);
        await RecoveryKeyFile.WriteAsync(path, secret, slot, Info, cancellationToken).ConfigureAwait(false);
        try
        {
            await KeySlots.CreateAsync(_access.Store, slot.Id, slot.Write(), cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            // A sheet in a safe that opens nothing is worse than a slot that nobody can open.
            File.Delete(path);
            throw;
        }

        return Describe(slot);
    }

    /// <summary>
    /// Removes a key: its secret opens this vault no more. Whoever has opened the vault with it before may know the master key,
    /// and who kept a copy of the slot can put it back: against them only a new vault helps (FORMAT.md §10). A key that opens
    /// the vault is always left.
    /// </summary>
    /// <param name="keyId">The key's id.</param>
    /// <param name="force">
    /// Whether the key that opened this vault may go as well. Then another one must be there, but whether its secret is still
    /// known to anybody is the caller's word.
    /// </param>
    /// <param name="cancellationToken">Stops it before the removal; not after.</param>
    /// <exception cref="AzsException">
    /// <c>VaultKeyInUse</c>, <c>VaultKeyNotFound</c>, <c>VaultKeyLast</c>, <c>VaultKeyGone</c>, <c>VaultHasNoKeys</c>, or a failure of the store.
    /// </exception>
    public async Task RemoveKeyAsync(string keyId, bool force, CancellationToken cancellationToken)
    {
        ThrowUnlessKeyed();
        if (keyId == _access.OpenedBy!.Id && !force)
            throw VaultErrors.KeyInUse(keyId, Info.Location);
        if (!await KeySlots.RemoveAsync(_access.Store, keyId, _access.OpenedBy, cancellationToken).ConfigureAwait(false))
            throw VaultErrors.KeyNotFound(keyId, Info.Location);
    }

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
            var folders = await PointFolders.ListAsync(_access, stop.Token).ConfigureAwait(false);
            var locks = await PointLocks.TryReadAsync(_access, stop.Token).ConfigureAwait(false);
            var verified = await VerificationRecords.ReadPointsAsync(_access, stop.Token).ConfigureAwait(false);
            foreach (var folder in folders.All.Where(folder => folder.PointAt is not null))
            {
                reading.Enqueue(ReadHeaderAsync(folder, locks, verified, stop.Token));
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
    /// be read. Costs one listing of the source's points and few reads for each item. Says neither what the vault's minimum age is
    /// nor when points were verified.
    /// </summary>
    /// <param name="source">The source, as it was published.</param>
    /// <param name="cancellationToken">Stops the listing.</param>
    public async IAsyncEnumerable<PointHeader> ListNewestPointsAsync(
        string source, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string prefix = ObjectNames.SourceFolder(_access.Keys.NameSource(source));
        var folders = await PointFolders.ListAsync(_access, prefix, cancellationToken).ConfigureAwait(false);
        foreach (var item in folders.All.Where(folder => folder.PointAt is not null).GroupBy(folder => folder.ItemName, StringComparer.Ordinal))
        {
            foreach (var folder in item.OrderByDescending(folder => folder.PointAt))
            {
                if (await ReadHeaderAsync(folder, null, NothingVerified, cancellationToken).ConfigureAwait(false) is not { IsDamaged: false } header)
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

    /// <summary>Runs of a source's items that have died, or failed, and left something written down; in no order.</summary>
    /// <param name="source">The source, as it is published.</param>
    /// <param name="cancellationToken">Stops the listing.</param>
    public Task<IReadOnlyList<UnfinishedRun>> ListDeadRunsAsync(string source, CancellationToken cancellationToken) =>
        DeadRuns.ListAsync(_access, RunNames.SourceFolder(_access.Keys.NameSource(source)), cancellationToken);

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
        var folder = (await PointFolders.ListAsync(_access, cancellationToken).ConfigureAwait(false)).Find(pointId);
        if (folder?.PointAt is { } storedAt && !(await ReadMarksAsync(folder, cancellationToken).ConfigureAwait(false)).Removing)
            return await PointReader.OpenAsync(_access, folder.Name, pointId, storedAt, cancellationToken).ConfigureAwait(false);
        throw VaultErrors.PointNotFound(pointId, Info.Location);
    }

    /// <summary>Forgets the keys. Sessions and readers of this vault can't be used any more.</summary>
    public void Dispose() => _access.Dispose();

    private VaultKey Describe(KeySlot slot) => new(
        slot.Id,
        slot.Kind,
        JsonTime.TryRead(slot.CreatedAt, out var createdAt) ? createdAt : default,
        (slot as CertificateSlot)?.PublicKey,
        slot.Id == _access.OpenedBy?.Id);

    private void ThrowUnlessKeyed()
    {
        _access.ThrowIfDisposed();
        if (!Info.Encrypted)
            throw VaultErrors.NoKeys(Info.Location);
    }

    private async Task<MarkState> ReadMarksAsync(PointFolder folder, CancellationToken cancellationToken) => folder.Marks.Count == 0
        ? new MarkState()
        : await new MarkLog(_access, folder.Name).ReadAsync(folder.Marks, cancellationToken).ConfigureAwait(false);

    private async Task<PointHeader?> ReadHeaderAsync(
        PointFolder folder, PointLocks? locks, IReadOnlyDictionary<string, DateTime> verified, CancellationToken cancellationToken)
    {
        var storedAt = folder.PointAt ?? folder.YoungestAt;
        var marks = await ReadMarksAsync(folder, cancellationToken).ConfigureAwait(false);
        if (marks.Removing)
            return null;
        PointHeader header;
        try
        {
            var point = await PointReader.ReadPointAsync(_access, folder.Name, folder.PointId, cancellationToken).ConfigureAwait(false);
            if (point is null)
                return null;
            header = PointReader.HeaderOf(point, storedAt);
        }
        catch (AzsException exception) when (exception.Kind == AzsErrorKind.DataDamaged)
        {
            header = new PointHeader { Id = folder.PointId, StoredAt = storedAt, Damage = exception.Message };
        }

        return header with
        {
            RemovalDueAt = marks.DueAt,
            Pinned = marks.Pinned,
            LockedUntil = marks.LockFor(header.CreatedAt > storedAt ? header.CreatedAt : storedAt, locks?.MinimumAge ?? TimeSpan.Zero),
            MarksDamage = marks.Damage,
            LastVerified = verified.TryGetValue(folder.PointId, out var verifiedAt) ? verifiedAt : null,
            LastProof = await PointProofs.FindLastPassedAsync(_access, folder, cancellationToken).ConfigureAwait(false),
        };
    }
}
