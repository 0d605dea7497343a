using AzsBackup.Tests.Vault.Runs;
using AzsBackup.Vault;
using AzsBackup.Vault.Maintenance;
using AzsBackup.Vault.Proofs;
using AzsBackup.Vault.Removal;
using AzsBackup.Vault.Verification;
using static AzsBackup.Tests.Vault.MaintenanceWorkshop;
using static AzsBackup.Tests.Vault.VaultWorkshop;

namespace AzsBackup.Tests.Vault.Verification;

/// <summary>Tests of a vault that has every sort of object in it.</summary>
public abstract class FilledVaultTests : IDisposable
{
    private protected static readonly byte[] First = MakeStream([2, 3], 100, seed: 1);
    private protected static readonly byte[] Second = MakeStream([2, 3], 200, seed: 50);

    private protected readonly MaintenanceWorkshop _workshop = new();

    private protected readonly HashSet<string> _unreferenced = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Ends the workshop.</summary>
    protected virtual void Dispose(bool disposing)
    {
        if (disposing)
            _workshop.Dispose();
    }

    /// <summary>A vault with every sort of object in it.</summary>
    private protected async Task<(BackupVault Vault, IReadOnlyDictionary<string, byte[]> Points)> FillAsync(bool encrypted)
    {
        var vault = await _workshop.CreateAsync(encrypted);
        string first = (await BackUpAsync(vault, First, "/vm/1")).Id;
        string second = (await BackUpAsync(vault, Second, "/vm/2")).Id;
        var removal = new PointRemoval(vault);
        foreach (string id in new[] { first, second })
        {
            await removal.SetPinnedAsync(id, pinned: true, Cancel);
            await removal.SetPinnedAsync(id, pinned: false, Cancel);
        }

        await new PointProofs(vault).KeepAsync(first, Proofs.PointProofsTests.Proof, Cancel);
        await new PointProofs(vault).KeepAsync(second, Proofs.PointProofsTests.Proof, Cancel);
        await removal.ExtendMinimumAgeAsync(TimeSpan.FromSeconds(1), Cancel);
        await removal.ExtendMinimumAgeAsync(TimeSpan.FromSeconds(2), Cancel);
        var before = _workshop.Store.Objects.Keys.ToHashSet();
        await using (var session = await vault.BeginSessionAsync("leftovers", Cancel))
        {
            await session.PutChunkAsync(new byte[] { 1, 2, 3 }, Cancel);
            await session.PutChunkAsync(new byte[] { 1, 2, 4 }, Cancel);
        }

        _unreferenced.UnionWith(_workshop.Store.Objects.Keys.Except(before).Where(name => name.StartsWith("chunks/", StringComparison.Ordinal)));
        await _workshop.LiveAsync(vault, 1);
        await VerifyAsync(vault);
        var living = await vault.BeginSessionAsync("lives", Cancel);
        await living.Heartbeat.BeatAsync();
        before = [.. _workshop.Store.Objects.Keys];
        await RunsWorkshop.LeaveAsync(living);
        _unreferenced.UnionWith(_workshop.Store.Objects.Keys.Except(before).Where(name => name.StartsWith("chunks/", StringComparison.Ordinal)));
        await BarredChunks.AddAsync(vault.Access, [(new ChunkName(new byte[32]), 3)], Cancel);
        await BarredChunks.AddAsync(vault.Access, [(new ChunkName(new byte[32]), 4)], Cancel);
        _workshop.Pass(TimeSpan.FromHours(3));
        await VaultClock.TickAsync(vault.Access, _workshop.Now, _workshop.Now, trust: false, Cancel);
        return (vault, new Dictionary<string, byte[]> { [first] = First, [second] = Second });
    }

    private protected static async Task<string> ChunkOfAsync(BackupVault vault, string pointId, int number)
    {
        string hex = (await vault.OpenPointAsync(pointId, Cancel)).Streams[0].Find(number).Name.ToString();
        return $"chunks/{hex[..2]}/{hex}";
    }
}
