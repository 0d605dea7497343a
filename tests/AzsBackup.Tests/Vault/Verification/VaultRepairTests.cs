using AzsBackup.Model;
using AzsBackup.Tests.Vault.Stores;
using AzsBackup.Vault.Removal;
using AzsBackup.Vault.Verification;
using Xunit;
using static AzsBackup.Tests.Vault.MaintenanceWorkshop;
using static AzsBackup.Tests.Vault.VaultWorkshop;

namespace AzsBackup.Tests.Vault.Verification;

public sealed class VaultRepairTests : FilledVaultTests
{
    [Fact]
    public async Task BackUp_AfterADamagedChunkWasFound_HealsAllPoints()
    {
        var vault = await _workshop.CreateAsync();
        string old = (await BackUpAsync(vault, First)).Id;
        string name = await ChunkOfAsync(vault, old, 0);
        _workshop.Store.Objects[name].Content[100] ^= 1;
        Assert.Equal("ChunkDamaged", (await Assert.ThrowsAsync<AzsException>(() => RestoreAsync(vault, old))).ErrorId);
        Assert.Equal(1, (await VerifyAsync(vault)).Result.PointsHurt);
        string next = (await BackUpAsync(vault, First)).Id;
        Assert.Equal(First, await RestoreAsync(vault, next));
        Assert.Equal(First, await RestoreAsync(vault, old));
        var (result, damages) = await VerifyAsync(vault);
        Assert.Empty(damages);
        Assert.Equal((1, 0), (result.Healed, result.PointsHurt));

        // The new generation stands in for the damaged one as long as a point refers to that, also when its own point is gone.
        await new PointRemoval(vault).RequestAsync(next, TimeSpan.Zero, byRetention: false, Cancel);
        await _workshop.LiveAsync(vault, 5);
        Assert.Equal(old, Assert.Single(await ListAsync(vault)).Id);
        Assert.Equal(First, await RestoreAsync(vault, old));
        Assert.DoesNotContain(_workshop.Store.Objects.Keys, key => key.StartsWith("barred/", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    public async Task Repair_EveryObjectDamagedOrMissing_FromACopy_IsWholeAgain(bool encrypted, bool mayDelete)
    {
        var (vault, points) = await FillAsync(encrypted);
        var copyStore = new MemoryStore(_workshop.StoreTime);
        foreach (var (name, stored) in _workshop.Store.Objects)
            copyStore.Objects[name] = ([.. stored.Content], stored.CreatedAt);
        var copy = await _workshop.OpenAsync(copyStore, encrypted);
        var mending = mayDelete ? vault : await _workshop.OpenAsync(new CreateOnlyStore(_workshop.Store), encrypted);
        foreach (bool remove in new[] { false, true })
        {
            foreach (var (name, whole) in copyStore.Objects)
            {
                bool chunk = name.StartsWith("chunks/", StringComparison.Ordinal);
                if (_unreferenced.Contains(name) || !(chunk || name.StartsWith("points/", StringComparison.Ordinal) || name.StartsWith("retention/", StringComparison.Ordinal) || name is "vault.json"))
                    continue;
                if (remove)
                    _workshop.Store.Objects.TryRemove(name, out _);
                else
                    _workshop.Store.Objects[name] = ([.. whole.Content.Select((value, i) => (byte)(i == 30 ? value ^ 4 : value))], whole.CreatedAt);
                var (_, damages) = await VerifyAsync(mending, new VerifyOptions { RepairFrom = copy });
                bool last = name.EndsWith("/1.mark", StringComparison.Ordinal) || name.EndsWith(".proof", StringComparison.Ordinal);

                // A last mark or a proof is not missed, and of a chunk that was stored once more, nobody misses the damaged object.
                if (remove && (last || (chunk && !mayDelete)))
                {
                    Assert.Empty(damages);
                    _workshop.Store.Objects[name] = whole;
                    continue;
                }

                // Without the right to delete, a chunk is stored once more, and what is damaged of a point stays so.
                Assert.Equal(mayDelete || remove || chunk, Assert.Single(damages, damage => damage.ObjectName == name).Repaired);
                if (!mayDelete && !remove && !chunk)
                    _workshop.Store.Objects[name] = whole;
                Assert.Empty((await VerifyAsync(vault)).Damages);
            }
        }

        foreach (var (id, stream) in points)
            Assert.Equal(stream, await RestoreAsync(vault, id));
    }

    [Fact]
    public async Task Repair_FromAnotherVault_IsRefused()
    {
        var vault = await _workshop.CreateAsync(encrypted: true);
        using var other = await VaultWorkshop.CreateAsync(new MemoryStore());
        var failure = await Assert.ThrowsAsync<AzsException>(() => VerifyAsync(vault, new VerifyOptions { RepairFrom = other }));
        Assert.Equal("RepairSourceWrong", failure.ErrorId);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Repair_DiesAtAnyChange_NextOneFinishes(bool takesEffect)
    {
        int deaths = 0;
        for (int change = 1; ; change++)
        {
            using var workshop = new MaintenanceWorkshop();
            var vault = await workshop.CreateAsync();
            string id = (await BackUpAsync(vault, First)).Id;
            var copyStore = new MemoryStore(workshop.StoreTime);
            foreach (var (name, stored) in workshop.Store.Objects)
                copyStore.Objects[name] = ([.. stored.Content], stored.CreatedAt);
            var copy = await workshop.OpenAsync(copyStore);
            foreach (string name in workshop.Store.Objects.Keys.Where(name => name.StartsWith("chunks/", StringComparison.Ordinal) || name.StartsWith("points/", StringComparison.Ordinal)))
                workshop.Store.Objects[name].Content[30] ^= 4;
            var dying = await workshop.OpenAsync(new FailingStore(workshop.Store, change, takesEffect));
            bool died = false;
            try
            {
                await VerifyAsync(dying, new VerifyOptions { RepairFrom = copy });
            }
            catch (AzsException exception) when (exception.ErrorId == "TestStoreDied")
            {
                died = true;
                deaths++;
            }

            await VerifyAsync(vault, new VerifyOptions { RepairFrom = copy });
            Assert.Empty((await VerifyAsync(vault)).Damages);
            Assert.Equal(First, await RestoreAsync(vault, id));
            if (!died)
                break;
        }

        Assert.True(deaths > 12, $"{deaths}");
    }
}
