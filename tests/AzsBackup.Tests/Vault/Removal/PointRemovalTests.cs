using AzsBackup.Model;
using AzsBackup.Tests.Vault.Stores;
using AzsBackup.Vault;
using AzsBackup.Vault.Removal;
using AzsBackup.Vault.Retention;
using Xunit;
using static AzsBackup.Tests.Vault.MaintenanceWorkshop;
using static AzsBackup.Tests.Vault.VaultWorkshop;

namespace AzsBackup.Tests.Vault.Removal;

public sealed class PointRemovalTests : IDisposable
{
    private static readonly byte[] First = MakeStream([2], 0, seed: 1);
    private static readonly byte[] Second = MakeStream([2], 0, seed: 50);
    private static readonly TimeSpan Week = TimeSpan.FromDays(7);

    private readonly MaintenanceWorkshop _workshop = new();

    public void Dispose() => _workshop.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Request_DelayPasses_PointGoesAndItsChunksAfterIt(bool encrypted)
    {
        var vault = await _workshop.CreateAsync(encrypted);
        string kept = (await BackUpAsync(vault, First)).Id;
        string going = (await BackUpAsync(vault, Second)).Id;
        var due = await new PointRemoval(vault).RequestAsync(going, Week, byRetention: false, Cancel);
        Assert.Equal(_workshop.Now + Week, due);
        Assert.Equal(due, (await HeaderAsync(vault, going))!.RemovalDueAt);
        await _workshop.LiveAsync(vault, 6);
        Assert.Equal(Second, await RestoreAsync(vault, going));
        _workshop.Pass(TimeSpan.FromDays(2));
        Assert.Equal(1, (await OptimizeAsync(vault)).PointsRemoved);
        Assert.Null(await HeaderAsync(vault, going));
        Assert.Equal("PointNotFound", (await Assert.ThrowsAsync<AzsException>(() => vault.OpenPointAsync(going, Cancel))).ErrorId);
        await _workshop.LiveAsync(vault, 2);
        Assert.Equal(First, await RestoreAsync(vault, kept));
        Assert.Single(_workshop.Store.Objects.Keys, name => name.StartsWith("chunks/", StringComparison.Ordinal));
        Assert.DoesNotContain(_workshop.Store.Objects.Keys, name => name.Contains(going, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Undo_BeforeTheDelayPassed_KeepsThePointForGood()
    {
        var vault = await _workshop.CreateAsync();
        string id = (await BackUpAsync(vault, First)).Id;
        var removal = new PointRemoval(vault);
        await removal.RequestAsync(id, Week, byRetention: false, Cancel);
        await removal.UndoAsync(id, Cancel);
        Assert.Null((await HeaderAsync(vault, id))!.RemovalDueAt);
        await _workshop.LiveAsync(vault, 20);
        Assert.Equal(First, await RestoreAsync(vault, id));

        // And a removal asked for again runs its whole delay again.
        await removal.RequestAsync(id, Week, byRetention: false, Cancel);
        await _workshop.LiveAsync(vault, 6);
        Assert.NotNull(await HeaderAsync(vault, id));
        await _workshop.LiveAsync(vault, 2);
        Assert.Null(await HeaderAsync(vault, id));
    }

    [Fact]
    public async Task Pin_HoldsAgainstRemovalAndRetention()
    {
        var vault = await _workshop.CreateAsync();
        string id = (await BackUpAsync(vault, First)).Id;
        string waiting = (await BackUpAsync(vault, Second)).Id;
        var removal = new PointRemoval(vault);
        await removal.SetPinnedAsync(id, pinned: true, Cancel);
        Assert.Equal("PointPinned", (await Assert.ThrowsAsync<AzsException>(() => removal.RequestAsync(id, Week, byRetention: false, Cancel))).ErrorId);
        Assert.Contains(VaultRetention.Decide(await ListAsync(vault), new RetentionPolicy { Last = 1 }, _workshop.Now), decision => decision.Decision.Reasons.HasFlag(RetentionReasons.Pinned));

        await removal.RequestAsync(waiting, TimeSpan.Zero, byRetention: false, Cancel);
        await removal.SetPinnedAsync(waiting, pinned: true, Cancel);
        await _workshop.LiveAsync(vault, 3);
        Assert.True((await HeaderAsync(vault, waiting))!.Pinned);
        await removal.SetPinnedAsync(waiting, pinned: false, Cancel);
        await _workshop.LiveAsync(vault, 1);
        Assert.Null(await HeaderAsync(vault, waiting));
    }

    [Fact]
    public async Task Lock_CanOnlyBeMadeLongerAndHoldsUntilItsDate()
    {
        var vault = await _workshop.CreateAsync();
        string id = (await BackUpAsync(vault, First)).Id;
        var removal = new PointRemoval(vault);
        await removal.RequestAsync(id, TimeSpan.Zero, byRetention: false, Cancel);
        var until = _workshop.Now + TimeSpan.FromDays(30);
        await removal.LockAsync(id, until, Cancel);
        await removal.LockAsync(id, until - TimeSpan.FromDays(20), Cancel);
        Assert.Equal(until, (await HeaderAsync(vault, id))!.LockedUntil);
        await _workshop.LiveAsync(vault, 29);
        Assert.NotNull(await HeaderAsync(vault, id));
        await removal.UndoAsync(id, Cancel);
        Assert.Equal("PointLocked", (await Assert.ThrowsAsync<AzsException>(() => removal.RequestAsync(id, TimeSpan.Zero, byRetention: false, Cancel))).ErrorId);
        await _workshop.LiveAsync(vault, 2);
        await removal.RequestAsync(id, TimeSpan.Zero, byRetention: false, Cancel);
        await _workshop.LiveAsync(vault, 1);
        Assert.Null(await HeaderAsync(vault, id));
    }

    [Fact]
    public async Task MinimumAge_HoldsForPointsThatWereThereBefore()
    {
        var vault = await _workshop.CreateAsync();
        string id = (await BackUpAsync(vault, First)).Id;
        var removal = new PointRemoval(vault);
        Assert.Equal(TimeSpan.FromDays(10), await removal.ExtendMinimumAgeAsync(TimeSpan.FromDays(10), Cancel));
        Assert.Equal(TimeSpan.FromDays(10), await removal.ExtendMinimumAgeAsync(TimeSpan.FromDays(2), Cancel));
        Assert.Equal("PointLocked", (await Assert.ThrowsAsync<AzsException>(() => removal.RequestAsync(id, TimeSpan.Zero, byRetention: false, Cancel))).ErrorId);
        Assert.True((await HeaderAsync(vault, id))!.LockedUntil > _workshop.Now + TimeSpan.FromDays(9));
        await _workshop.LiveAsync(vault, 11);
        await removal.RequestAsync(id, TimeSpan.Zero, byRetention: false, Cancel);
        await _workshop.LiveAsync(vault, 1);
        Assert.Null(await HeaderAsync(vault, id));
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public async Task ClocksJumpAYearForward_LockedPointStays(bool store, bool own)
    {
        var vault = await _workshop.CreateAsync();
        string id = (await BackUpAsync(vault, First)).Id;
        var removal = new PointRemoval(vault);
        await removal.RequestAsync(id, TimeSpan.FromDays(60), byRetention: false, Cancel);
        await removal.LockAsync(id, _workshop.Now + TimeSpan.FromDays(90), Cancel);
        await _workshop.LiveAsync(vault, 3);
        Jump(365);
        await _workshop.LiveAsync(vault, 3);
        Assert.NotNull(await HeaderAsync(vault, id));

        // It was a mistake: all goes on as if nothing had been, but for the longest step if both clocks were wrong.
        Jump(-365);
        await _workshop.LiveAsync(vault, 40);
        Assert.NotNull(await HeaderAsync(vault, id));
        await _workshop.LiveAsync(vault, 50);
        Assert.Null(await HeaderAsync(vault, id));

        void Jump(int days)
        {
            if (store)
                _workshop.StoreTime.Pass(TimeSpan.FromDays(days));
            if (own)
                _workshop.OwnTime.Pass(TimeSpan.FromDays(days));
        }
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public async Task ClocksWereAYearBackWhenItWasAsked_DelayIsNotShortened(bool store, bool own)
    {
        var vault = await _workshop.CreateAsync();
        string id = (await BackUpAsync(vault, First)).Id;
        await _workshop.LiveAsync(vault, 1);
        Jump(-365);
        await new PointRemoval(vault).RequestAsync(id, Week, byRetention: false, Cancel);
        Jump(365);
        await _workshop.LiveAsync(vault, 5);
        Assert.NotNull(await HeaderAsync(vault, id));
        await _workshop.LiveAsync(vault, 4);
        Assert.Null(await HeaderAsync(vault, id));

        void Jump(int days)
        {
            if (store)
                _workshop.StoreTime.Pass(TimeSpan.FromDays(days));
            if (own)
                _workshop.OwnTime.Pass(TimeSpan.FromDays(days));
        }
    }

    [Fact]
    public async Task Optimize_AfterAYearWithoutARun_SaysThatItsClockLagsAndCanBeTold()
    {
        var vault = await _workshop.CreateAsync();
        string id = (await BackUpAsync(vault, First)).Id;
        await OptimizeAsync(vault);
        await new PointRemoval(vault).RequestAsync(id, TimeSpan.FromDays(100), byRetention: false, Cancel);
        _workshop.Pass(TimeSpan.FromDays(365));
        var result = await OptimizeAsync(vault);
        Assert.Equal((0, 1, 330), (result.PointsRemoved, result.PointsWaiting, (int)result.ClockBehind.TotalDays));
        result = await OptimizeAsync(vault, trustClock: true);
        Assert.Equal((1, TimeSpan.Zero), (result.PointsRemoved, result.ClockBehind));
    }

    [Fact]
    public async Task Retention_NewestPointOfAnItem_IsNeverRemoved()
    {
        var vault = await _workshop.CreateAsync();
        var removal = new PointRemoval(vault);
        var ids = new List<string>();
        for (int i = 0; i < 4; i++)
            ids.Add((await BackUpAsync(vault, First, $"/vm/{i % 2}")).Id);
        var decisions = VaultRetention.Decide(await ListAsync(vault), new RetentionPolicy { Last = 1 }, _workshop.Now);
        Assert.Equal(2, decisions.Count(decision => decision.Decision.Keep));

        // Two policies that disagree, or a clock between them, may ask for all points of an item: one stays all the same.
        foreach (string id in ids)
            await removal.RequestAsync(id, TimeSpan.Zero, byRetention: true, Cancel);
        await _workshop.LiveAsync(vault, 3);
        Assert.Equal(4, (await ListAsync(vault)).Count);
        await removal.UndoAsync(ids[2], Cancel);
        await _workshop.LiveAsync(vault, 1);
        Assert.Equal([ids[1], ids[2], ids[3]], (await ListAsync(vault)).Select(point => point.Id).OrderBy(ids.IndexOf));
    }

    [Fact]
    public async Task Marks_OneIsMissing_PointIsKeptAndSaidSo()
    {
        var vault = await _workshop.CreateAsync();
        string id = (await BackUpAsync(vault, First)).Id;
        var removal = new PointRemoval(vault);
        await removal.RequestAsync(id, TimeSpan.Zero, byRetention: false, Cancel);
        await removal.UndoAsync(id, Cancel);
        await removal.RequestAsync(id, TimeSpan.Zero, byRetention: false, Cancel);
        _workshop.Store.Objects.TryRemove(_workshop.Store.Objects.Keys.Single(name => name.EndsWith("/1.mark", StringComparison.Ordinal)), out _);
        await _workshop.LiveAsync(vault, 3);
        var header = await HeaderAsync(vault, id);
        Assert.Contains("1.mark", header!.MarksDamage, StringComparison.Ordinal);
        Assert.Equal(First, await RestoreAsync(vault, id));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public Task RemoveAndOptimize_DieAtAnyChange_EveryPointIsWholeOrGone(bool takesEffect) =>
        DieEverywhereAsync((store, change) => new FailingStore(store, change, takesEffect));

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public Task RemoveAndOptimize_PowerCutAtAnyChange_EveryPointIsWholeOrGone(int seed) =>
        DieEverywhereAsync((store, change) => new PowerCutStore(store, change, seed * 1000 + change));

    private static async Task DieEverywhereAsync(Func<MemoryStore, int, AzsBackup.Vault.Stores.IObjectStore> makeMortal)
    {
        int deaths = 0;
        for (int change = 1; ; change++)
        {
            using var workshop = new MaintenanceWorkshop();
            var vault = await workshop.CreateAsync();
            string kept = (await BackUpAsync(vault, First)).Id;
            string undone = (await BackUpAsync(vault, Second)).Id;
            string going = (await BackUpAsync(vault, MakeStream([2, 3], 100, seed: 90))).Id;
            var dying = await workshop.OpenAsync(makeMortal(workshop.Store, change));
            bool died = false;
            try
            {
                var removal = new PointRemoval(dying);
                await removal.RequestAsync(undone, TimeSpan.Zero, byRetention: false, Cancel);
                await removal.UndoAsync(undone, Cancel);
                await removal.SetPinnedAsync(kept, pinned: true, Cancel);
                await removal.LockAsync(kept, workshop.Now + Week, Cancel);
                await removal.ExtendMinimumAgeAsync(TimeSpan.FromSeconds(1), Cancel);
                workshop.Pass(TimeSpan.FromHours(2));
                await removal.RequestAsync(going, TimeSpan.Zero, byRetention: false, Cancel);
                workshop.Pass(TimeSpan.FromHours(2));
                await OptimizeAsync(dying);
                await VerifyAsync(dying);
                workshop.Pass(TimeSpan.FromHours(2));
                await OptimizeAsync(dying);
            }
            catch (AzsException exception) when (exception.ErrorId == "TestStoreDied")
            {
                died = true;
                deaths++;
            }

            foreach (var point in await ListAsync(vault))
                await RestoreAsync(vault, point.Id);
            Assert.Equal(First, await RestoreAsync(vault, kept));
            workshop.Pass(TimeSpan.FromHours(2));
            if (await HeaderAsync(vault, undone) is not null)
                await new PointRemoval(vault).UndoAsync(undone, Cancel);
            Assert.Equal(Second, await RestoreAsync(vault, undone));
            if (await HeaderAsync(vault, going) is not null)
                await new PointRemoval(vault).RequestAsync(going, TimeSpan.Zero, byRetention: false, Cancel);
            await workshop.LiveAsync(vault, 5);
            Assert.Null(await HeaderAsync(vault, going));
            Assert.DoesNotContain(workshop.Store.Objects.Keys, name => name.Contains(going, StringComparison.Ordinal));
            Assert.Equal(2, workshop.Store.Objects.Keys.Count(name => name.StartsWith("chunks/", StringComparison.Ordinal)));
            Assert.Empty((await VerifyAsync(vault)).Damages);
            if (!died)
                break;
        }

        Assert.True(deaths > 30, $"{deaths}");
    }

    private static async Task<PointHeader?> HeaderAsync(BackupVault vault, string id) => (await ListAsync(vault)).SingleOrDefault(point => point.Id == id);
}
