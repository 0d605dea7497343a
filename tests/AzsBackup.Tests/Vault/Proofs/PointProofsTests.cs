using AzsBackup.Model;
using AzsBackup.Tests.Vault.Stores;
using AzsBackup.Vault.Proofs;
using AzsBackup.Vault.Removal;
using Xunit;
using static AzsBackup.Tests.Vault.MaintenanceWorkshop;
using static AzsBackup.Tests.Vault.VaultWorkshop;

namespace AzsBackup.Tests.Vault.Proofs;

public sealed class PointProofsTests : IDisposable
{
    private readonly MaintenanceWorkshop _workshop = new();

    internal static PointProof Proof { get; } = new()
    {
        Level = "structure",
        Passed = true,
        StartedAt = new DateTime(2026, 11, 22, 8, 0, 0, DateTimeKind.Utc),
        Duration = TimeSpan.FromSeconds(81.234),
        By = "backup@host7",
        Statement = "4711 chunks were read back.",
    };

    public void Dispose() => _workshop.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Keep_Proof_IsListedAndTheNewestThatPassedIsInTheHeader(bool encrypted)
    {
        var vault = await _workshop.CreateAsync(encrypted);
        string id = (await BackUpAsync(vault, MakeStream([1], 9, seed: 1))).Id;
        var proofs = new PointProofs(vault);
        Assert.Null((await ListAsync(vault)).Single().LastProof);
        await proofs.KeepAsync(id, Proof with { Level = "chunks" }, Cancel);
        _workshop.Pass(TimeSpan.FromHours(1));
        await proofs.KeepAsync(id, Proof, Cancel);
        _workshop.Pass(TimeSpan.FromHours(1));
        var failed = Proof with { Passed = false, Statement = "ext4 Damaged" };
        await proofs.KeepAsync(id, failed, Cancel);

        Assert.Equal([failed, Proof, Proof with { Level = "chunks" }], await proofs.ListAsync(id, Cancel));
        Assert.Equal(Proof, (await ListAsync(vault)).Single().LastProof);
        Assert.Equal(Proof, (await ListAsync(await _workshop.OpenAsync(_workshop.Store, encrypted))).Single().LastProof);
    }

    [Fact]
    public async Task Keep_LongTexts_AreCut()
    {
        var vault = await _workshop.CreateAsync();
        string id = (await BackUpAsync(vault, MakeStream([1], 9, seed: 1))).Id;
        await new PointProofs(vault).KeepAsync(id, Proof with { Statement = new string('x', 100_000) }, Cancel);
        Assert.Equal(4096, Assert.Single(await new PointProofs(vault).ListAsync(id, Cancel)).Statement.Length);
    }

    [Fact]
    public async Task Proof_OfAnotherPoint_CountsForNothing()
    {
        var vault = await _workshop.CreateAsync(encrypted: true);
        string first = (await BackUpAsync(vault, MakeStream([1], 9, seed: 1), "/vm/1")).Id;
        string second = (await BackUpAsync(vault, MakeStream([1], 9, seed: 2), "/vm/2")).Id;
        await new PointProofs(vault).KeepAsync(first, Proof, Cancel);
        string name = _workshop.Store.Objects.Keys.Single(key => key.EndsWith(".proof", StringComparison.Ordinal));
        string folder = _workshop.Store.Objects.Keys.Single(key => key.EndsWith($"{second}/point.json", StringComparison.Ordinal))[..^"point.json".Length];
        string moved = folder + name[(name.LastIndexOf('/') + 1)..];
        _workshop.Store.Objects[moved] = _workshop.Store.Objects[name];

        Assert.Null((await ListAsync(vault)).Single(point => point.Id == second).LastProof);
        Assert.Equal(moved, Assert.Single((await VerifyAsync(vault)).Damages).ObjectName);
    }

    [Fact]
    public async Task Keep_WhereNothingMayBeCreated_IsRefusedAndWhereNothingMayBeDeletedItIsKept()
    {
        var vault = await _workshop.CreateAsync();
        string id = (await BackUpAsync(vault, MakeStream([1], 9, seed: 1))).Id;
        var readOnly = await _workshop.OpenAsync(new ReadOnlyStore(_workshop.Store));
        var refusal = await Assert.ThrowsAsync<AzsException>(() => new PointProofs(readOnly).KeepAsync(id, Proof, Cancel));
        Assert.Equal(AzsErrorKind.PermissionDenied, refusal.Kind);

        await new PointProofs(await _workshop.OpenAsync(new CreateOnlyStore(_workshop.Store))).KeepAsync(id, Proof, Cancel);
        Assert.Single(await new PointProofs(vault).ListAsync(id, Cancel));
    }

    [Fact]
    public async Task Remove_PointWithProofs_LeavesNothingOfIt()
    {
        var vault = await _workshop.CreateAsync();
        string id = (await BackUpAsync(vault, MakeStream([1], 9, seed: 1), "/vm/1")).Id;
        await BackUpAsync(vault, MakeStream([1], 9, seed: 2), "/vm/2");
        await new PointProofs(vault).KeepAsync(id, Proof, Cancel);
        await new PointRemoval(vault).RequestAsync(id, TimeSpan.Zero, byRetention: false, Cancel);
        _workshop.Pass(TimeSpan.FromDays(1));

        await OptimizeAsync(vault);

        Assert.DoesNotContain(_workshop.Store.Objects.Keys, name => name.Contains(id, StringComparison.Ordinal));
        await Assert.ThrowsAsync<AzsException>(() => new PointProofs(vault).KeepAsync(id, Proof, Cancel));
    }

    /// <summary>A proof that comes too late does not make a point of what was removed, and goes.</summary>
    [Fact]
    public async Task Proof_WithoutItsPoint_IsTidiedUp()
    {
        var vault = await _workshop.CreateAsync();
        string id = (await BackUpAsync(vault, MakeStream([1], 9, seed: 1), "/vm/1")).Id;
        await BackUpAsync(vault, MakeStream([1], 9, seed: 2), "/vm/2");
        await new PointProofs(vault).KeepAsync(id, Proof, Cancel);
        foreach (string name in _workshop.Store.Objects.Keys.Where(name => name.Contains(id, StringComparison.Ordinal) && !name.EndsWith(".proof", StringComparison.Ordinal)).ToList())
            _workshop.Store.Objects.TryRemove(name, out _);

        for (int day = 0; day < 4; day++)
        {
            _workshop.Pass(TimeSpan.FromDays(1));
            await OptimizeAsync(vault);
        }

        Assert.DoesNotContain(_workshop.Store.Objects.Keys, name => name.EndsWith(".proof", StringComparison.Ordinal));
        Assert.Single(await ListAsync(vault));
        Assert.Empty((await VerifyAsync(vault)).Damages);
    }
}
