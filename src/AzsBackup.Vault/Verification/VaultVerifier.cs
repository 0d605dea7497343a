using AzsBackup.Model;
using AzsBackup.Vault.Format;
using AzsBackup.Vault.Maintenance;
using AzsBackup.Vault.Removal;

namespace AzsBackup.Vault.Verification;

/// <summary>
/// Reads a vault back and says what is damaged and which points that hurts (FORMAT.md §12). Needs to read and list; where it may
/// create, it remembers what it verified and keeps new points from referring to damaged chunks. May run beside everything else.
/// </summary>
/// <param name="vault">The vault; must stay open.</param>
/// <param name="options">What to verify.</param>
public sealed class VaultVerifier(BackupVault vault, VerifyOptions options)
{
    private readonly VaultAccess _access = vault.Access;
    private readonly ObjectProbe _probe = new(vault.Access);
    private readonly Dictionary<(ChunkName Name, int Generation), List<string>> _hurtBy = [];
    private readonly List<string> _whole = [];
    private int _damaged;
    private int _repaired;
    private int _points;

    /// <summary>Verifies. A verifier is used once.</summary>
    /// <param name="found">
    /// Told of each damaged object, one at a time: first all but chunks, as they are found, then chunks, when it is known whom they hurt.
    /// </param>
    /// <param name="cancellationToken">Stops the run; what was verified until then is remembered but for the last few thousand chunks.</param>
    /// <exception cref="AzsException"><c>VerifyOptionsInvalid</c>, <c>RepairSourceWrong</c>, or a failure of the store as a whole.</exception>
    public async Task<VerifyResult> RunAsync(Func<VaultDamage, CancellationToken, Task> found, CancellationToken cancellationToken)
    {
        options.Validate();
        _access.ThrowIfDisposed();
        var repair = options.RepairFrom is null ? null : new VaultRepair(_access, options.RepairFrom.Access);
        repair?.ThrowUnlessPossible();
        var log = new VerificationLog(_access, options.ChunksPerRecord);
        await log.BeginAsync(cancellationToken).ConfigureAwait(false);
        var (recent, oldestRecent) = options.NotVerifiedFor is not { } age
            ? (new ChunkObjectSet(), log.StartedAt)
            : await VerificationRecords.ReadChunksAsync(_access, log.StartedAt - age, log.StartedAt, cancellationToken).ConfigureAwait(false);

        var other = new OtherAudit(_access, _probe);
        await other.RunAsync(cancellationToken).ConfigureAwait(false);
        foreach (var damaged in other.Damaged)
            await TellAsync(damaged, null, repair, found, cancellationToken).ConfigureAwait(false);

        var chunks = new ChunkAudit(_access, _probe, options, recent, log.AddAsync);
        await chunks.RunAsync(cancellationToken).ConfigureAwait(false);
        var folders = await PointFolders.ListAsync(_access, cancellationToken).ConfigureAwait(false);
        var hurt = new HashSet<string>(StringComparer.Ordinal);
        foreach (var folder in folders.All)
        {
            if (folder.PointAt is not null || (repair is not null && await TryBringBackAsync(folder, repair, found, cancellationToken).ConfigureAwait(false)))
                await LookAtPointAsync(folder, chunks, repair, hurt, found, cancellationToken).ConfigureAwait(false);
        }

        int healed = await TellOfChunksAsync(chunks, repair, hurt, log.Recording, found, cancellationToken).ConfigureAwait(false);
        bool all = options.SamplePercent >= 100;
        var points = _whole.Where(id => all && !hurt.Contains(id)).Select(id => (id, oldestRecent)).ToList();
        await log.EndAsync(points, cancellationToken).ConfigureAwait(false);
        return new VerifyResult
        {
            StartedAt = log.StartedAt,
            Points = _points,
            PointsHurt = hurt.Count,
            Chunks = chunks.Listed,
            ChunksRead = chunks.Read,
            BytesRead = chunks.BytesRead,
            OtherObjectsRead = _probe.ObjectsRead - chunks.Read - chunks.Damaged.Count,
            Damaged = _damaged,
            Repaired = _repaired,
            Healed = healed,
            Seed = options.Seed,
            Recorded = log.Recording,
        };
    }

    private async Task LookAtPointAsync(
        PointFolder folder, ChunkAudit chunks, VaultRepair? repair, HashSet<string> hurt, Func<VaultDamage, CancellationToken, Task> found, CancellationToken cancellationToken)
    {
        // A repaired header or page shows what lies behind it: so twice more at most.
        var told = new HashSet<string>(StringComparer.Ordinal);
        for (int round = 0; ; round++)
        {
            var audit = new PointAudit(_access, _probe, chunks, folder);
            await audit.RunAsync(cancellationToken).ConfigureAwait(false);
            if (audit.Chunks.Count > 0 && await audit.IsGoneAsync(cancellationToken).ConfigureAwait(false))
                audit.Forget();
            if (!audit.Exists)
                return;
            bool repaired = false;
            foreach (var damaged in audit.Objects.Where(damaged => told.Add(damaged.Name)))
            {
                bool now = await TellAsync(damaged, folder.PointId, repair, found, cancellationToken).ConfigureAwait(false);
                repaired |= now;
                if (damaged.Hurts && !now)
                    hurt.Add(folder.PointId);
            }

            if (repaired && round < 2)
                continue;
            _points++;
            _whole.Add(folder.PointId);
            foreach (var chunk in audit.Chunks)
            {
                if (!_hurtBy.TryGetValue(chunk, out var points))
                    _hurtBy.Add(chunk, points = []);
                points.Add(folder.PointId);
            }

            return;
        }
    }

    /// <summary>Finishes the repair of a header that a run which died has deleted and not created anew.</summary>
    private async Task<bool> TryBringBackAsync(
        PointFolder folder, VaultRepair repair, Func<VaultDamage, CancellationToken, Task> found, CancellationToken cancellationToken)
    {
        if (folder.HoldsWordsOnly
            || (await new MarkLog(_access, folder.Name).ReadAsync(folder.Marks, cancellationToken).ConfigureAwait(false)).Removing)
            return false;
        string name = ObjectNames.Point(folder.Name);
        bool back = await repair.TryRepairAsync(
            name,
            isThere: false,
            stored =>
            {
                using var content = _access.Sealer.Open(ObjectRole.Point, name, stored.Span);
                return !content.Memory.IsEmpty && PointDocument.Read(content.Span, name, folder.PointId) is not null;
            },
            cancellationToken).ConfigureAwait(false);
        if (!back)
            return false;
        _damaged++;
        _repaired++;
        await found(
            new VaultDamage { ObjectName = name, Kind = VaultDamageKind.Missing, Description = $"'{name}' is missing.", PointIds = [folder.PointId], Repaired = true },
            cancellationToken).ConfigureAwait(false);
        return true;
    }

    private async Task<bool> TellAsync(
        DamagedObject damaged, string? pointId, VaultRepair? repair, Func<VaultDamage, CancellationToken, Task> found, CancellationToken cancellationToken)
    {
        bool repaired = repair is not null && damaged.IsRight is not null && damaged.Finding.Kind != VaultDamageKind.Unreadable
            && await repair.TryRepairAsync(damaged.Name, damaged.Finding.Kind != VaultDamageKind.Missing, damaged.IsRight, cancellationToken).ConfigureAwait(false);
        _damaged++;
        _repaired += repaired ? 1 : 0;
        await found(
            new VaultDamage
            {
                ObjectName = damaged.Name,
                Kind = damaged.Finding.Kind,
                Description = damaged.Finding.Why,
                PointIds = damaged.Hurts && pointId is not null ? [pointId] : [],
                Repaired = repaired,
            },
            cancellationToken).ConfigureAwait(false);
        return repaired;
    }

    private async Task<int> TellOfChunksAsync(
        ChunkAudit chunks, VaultRepair? repair, HashSet<string> hurt, bool recording, Func<VaultDamage, CancellationToken, Task> found, CancellationToken cancellationToken)
    {
        int healed = 0;
        var bars = new List<(ChunkName Name, int Generation)>();
        foreach (var ((name, generation), finding) in chunks.Damaged)
        {
            var points = _hurtBy.GetValueOrDefault((name, generation)) ?? [];
            bool missing = finding.Kind == VaultDamageKind.Missing;

            // Gone, and nobody needs it: swept since the listing.
            if (missing && points.Count == 0)
                continue;
            if (await new ChunkReader(_access).HasOtherAsync(name, generation, cancellationToken).ConfigureAwait(false))
            {
                healed++;
                continue;
            }

            bool repaired = repair is not null && points.Count > 0 && finding.Kind != VaultDamageKind.Unreadable
                && await repair.TryRepairChunkAsync(name, generation, !missing, cancellationToken).ConfigureAwait(false);
            _damaged++;
            _repaired += repaired ? 1 : 0;
            if (!repaired)
            {
                hurt.UnionWith(points);

                // A missing first generation is stored anew by whoever needs it; nobody can refer to it before.
                if (finding.Kind != VaultDamageKind.Unreadable && (!missing || generation > 0))
                    bars.Add((name, generation));
            }

            await found(
                new VaultDamage { ObjectName = ObjectNames.Chunk(name, generation), Kind = finding.Kind, Description = finding.Why, PointIds = points, Repaired = repaired },
                cancellationToken).ConfigureAwait(false);
        }

        if (recording && bars.Count > 0)
        {
            await BarredChunks.AddAsync(_access, bars, cancellationToken).ConfigureAwait(false);
            await _access.Store.FlushAsync(cancellationToken).ConfigureAwait(false);
        }

        return healed;
    }
}
