using AzsBackup.Model;
using AzsBackup.Tests.Vault.Stores;
using AzsBackup.Vault;
using AzsBackup.Vault.Maintenance;
using AzsBackup.Vault.Runs;
using AzsBackup.Vault.Verification;
using Xunit;
using static AzsBackup.Tests.Vault.Runs.RunsWorkshop;
using static AzsBackup.Tests.Vault.VaultWorkshop;

namespace AzsBackup.Tests.Vault.Runs;

public sealed class RunJournalTests : IDisposable
{
    private readonly MaintenanceWorkshop _workshop = new();

    public void Dispose() => _workshop.Dispose();

    [Fact]
    public async Task BeginRun_ItemOfALivingSession_IsBusyUntilThatEnds()
    {
        var vault = await _workshop.CreateAsync();
        await using var second = await vault.BeginSessionAsync("second", Cancel);
        await using (var first = await vault.BeginSessionAsync("first", Cancel))
        {
            var journal = await first.BeginRunAsync(Source, Item, Cancel);
            Assert.Equal("ItemBusy", (await Assert.ThrowsAsync<AzsException>(() => second.BeginRunAsync(Source, Item, Cancel))).ErrorId);
            await (await second.BeginRunAsync(Source, "another item", Cancel)).EndAsync(leave: false);
            await journal.EndAsync(leave: false);
        }

        var mine = await second.BeginRunAsync(Source, Item, Cancel);
        await mine.EndAsync(leave: false);
        Assert.DoesNotContain(_workshop.Store.Objects.Keys, name => name.StartsWith("runs/", StringComparison.Ordinal));
    }

    [Fact]
    public async Task BeginRun_ManyAtOnce_AtMostOneGetsTheTurn()
    {
        var vault = await _workshop.CreateAsync();
        for (int round = 0; round < 20; round++)
        {
            string item = $"item {round}";
            var sessions = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => vault.BeginSessionAsync("one of many", Cancel)));
            var got = await Task.WhenAll(sessions.Select(session => Task.Run(async () =>
            {
                try
                {
                    await session.BeginRunAsync(Source, item, Cancel);
                    return true;
                }
                catch (AzsException busy) when (busy.ErrorId == "ItemBusy")
                {
                    return false;
                }
            })));
            Assert.InRange(got.Count(one => one), 0, 1);
            foreach (var session in sessions)
                await session.DisposeAsync();
        }
    }

    [Theory]
    [InlineData(44, true)]
    [InlineData(46, false)]
    public async Task BeginRun_SessionThatWasSilent_IsDeadAfterAWhile(int minutes, bool busy)
    {
        var vault = await _workshop.CreateAsync();
        var silent = await vault.BeginSessionAsync("silent", Cancel);
        await silent.BeginRunAsync(Source, Item, Cancel);
        _workshop.StoreTime.Pass(TimeSpan.FromMinutes(minutes));
        await using var session = await vault.BeginSessionAsync("next", Cancel);
        var failure = await Record.ExceptionAsync(() => session.BeginRunAsync(Source, Item, Cancel));
        Assert.Equal(busy, failure is AzsException { ErrorId: "ItemBusy" });
    }

    [Theory]
    [InlineData("1", "1", true)]
    [InlineData("1", "2", false)]
    [InlineData("2", "1", true)]
    public async Task BeginRun_ProcessGoneForCertain_IsDeadAtOnce(string running, string next, bool busy)
    {
        // The first process is number 1. Number 2 sees that it still runs, or not; another process of number 1 can't tell what the first one does.
        var dead = await OpenAsAsync(Process("1", "1"));
        var session = await dead.BeginSessionAsync("died", Cancel);
        await session.BeginRunAsync(Source, Item, Cancel);
        var other = await OpenAsAsync(next == "1" && running == "1" ? Process("1", "1") : Process("2", running == "2" ? ["1", "2"] : ["2"]), make: false);
        await using var after = await other.BeginSessionAsync("next", Cancel);
        var failure = await Record.ExceptionAsync(() => after.BeginRunAsync(Source, Item, Cancel));
        Assert.Equal(busy, failure is AzsException { ErrorId: "ItemBusy" });
    }

    [Fact]
    public async Task Unfinished_OfARunThatLeft_TellsItsNotesAndItsChunks()
    {
        var vault = await _workshop.CreateAsync(encrypted: true);
        string id;
        await using (var first = await vault.BeginSessionAsync("first", Cancel))
        {
            id = first.Id;
            await (await LeaveAsync(first)).EndAsync(leave: true);
        }

        await using var second = await vault.BeginSessionAsync("second", Cancel);
        var journal = await second.BeginRunAsync(Source, Item, Cancel);
        var unfinished = Assert.Single(journal.Unfinished);
        Assert.Equal(id, unfinished.SessionId);
        Assert.Equal("s", (await unfinished.ReadNoteAsync("snapshots", Cancel))!.Value.GetProperty("snapshot").GetString());
        Assert.Null(await unfinished.ReadNoteAsync("other", Cancel));
        var (number, stream) = Assert.Single(await unfinished.ReadProgressAsync(Cancel));
        Assert.Equal((0, 3L * ChunkSize), (number, stream.Length));
        Assert.Equal([0L, 2L], stream.Chunks.Keys.Order());
        Assert.True(stream.Chunks[2].IsZero);
        Assert.True(await second.HoldsChunkAsync(stream.Chunks[0], Cancel));
        await unfinished.RemoveAsync();
        await journal.EndAsync(leave: false);
        Assert.DoesNotContain(_workshop.Store.Objects.Keys, name => name.StartsWith("runs/", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Unfinished_ChunkThatWasSweptSince_IsNotHeld()
    {
        var vault = await _workshop.CreateAsync();
        await using (var first = await vault.BeginSessionAsync("first", Cancel))
            await (await LeaveAsync(first)).EndAsync(leave: true);
        _workshop.Pass(TimeSpan.FromDays(1));
        await new VaultOptimizer(vault, MaintenanceWorkshop.Impatient).RunAsync(Cancel);
        await using (var condemned = await vault.BeginSessionAsync("sees the list", Cancel))
            Assert.False(await HoldsAsync(condemned));
        _workshop.Pass(TimeSpan.FromDays(1));
        await new VaultOptimizer(vault, MaintenanceWorkshop.Impatient).RunAsync(Cancel);
        Assert.DoesNotContain(_workshop.Store.Objects.Keys, name => name.StartsWith("chunks/", StringComparison.Ordinal));
        await using var swept = await vault.BeginSessionAsync("sees nothing", Cancel);
        Assert.False(await HoldsAsync(swept));

        static async Task<bool> HoldsAsync(VaultSession session)
        {
            var journal = await session.BeginRunAsync(Source, Item, Cancel);
            var progress = await Assert.Single(journal.Unfinished).ReadProgressAsync(Cancel);
            await journal.EndAsync(leave: false);
            return await session.HoldsChunkAsync(progress[0].Chunks[0], Cancel);
        }
    }

    [Fact]
    public async Task Remove_WhereNobodyMayDelete_SaysThatItIsOverAndTheOptimizerDeletes()
    {
        var vault = await _workshop.CreateAsync();
        var restricted = await _workshop.OpenAsync(new CreateOnlyStore(_workshop.Store));
        await using (var first = await restricted.BeginSessionAsync("first", Cancel))
            await (await LeaveAsync(first)).EndAsync(leave: false);
        await using (var second = await restricted.BeginSessionAsync("second", Cancel))
        {
            var journal = await second.BeginRunAsync(Source, Item, Cancel);
            Assert.Empty(journal.Unfinished);
            await journal.EndAsync(leave: false);
        }

        Assert.Contains(_workshop.Store.Objects.Keys, name => name.EndsWith(".done", StringComparison.Ordinal));
        await new VaultOptimizer(vault, MaintenanceWorkshop.Impatient).RunAsync(Cancel);
        Assert.DoesNotContain(_workshop.Store.Objects.Keys, name => name.StartsWith("runs/", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(29, false, true)]
    [InlineData(31, false, false)]
    [InlineData(1, true, false)]
    public async Task Optimize_WhatARunLeft_StaysUntilAPointIsPublishedOrAMonthHasPassed(int days, bool published, bool stays)
    {
        var vault = await _workshop.CreateAsync();
        await using (var first = await vault.BeginSessionAsync("first", Cancel))
            await (await LeaveAsync(first)).EndAsync(leave: true);
        _workshop.Pass(TimeSpan.FromDays(days));
        if (published) await BackUpAsync(vault, MakeStream([1], 0, seed: 1));
        await new VaultOptimizer(vault, MaintenanceWorkshop.Impatient).RunAsync(Cancel);
        Assert.Equal(stays, _workshop.Store.Objects.Keys.Any(name => name.StartsWith("runs/", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData(".turn")]
    [InlineData(".note")]
    [InlineData(".done")]
    public async Task Damaged_KeepsNobodyFromRunningAndIsReported(string sort)
    {
        var vault = await _workshop.CreateAsync();
        await using (var first = await vault.BeginSessionAsync("first", Cancel))
            await LeaveAsync(first);
        string name = _workshop.Store.Objects.Keys.Single(key => key.EndsWith(sort, StringComparison.Ordinal));
        _workshop.Store.Objects[name] = ([1, 2, 3], _workshop.Now);
        await using (var second = await vault.BeginSessionAsync("second", Cancel))
        {
            var journal = await second.BeginRunAsync(Source, Item, Cancel);
            var unfinished = Assert.Single(journal.Unfinished);
            Assert.Equal(sort == ".note", await unfinished.ReadNoteAsync("snapshots", Cancel) is null);
            Assert.Equal(sort == ".done", (await unfinished.ReadProgressAsync(Cancel)).Count == 0);
            await journal.EndAsync(leave: false);
        }

        var damages = new List<string>();
        await new VaultVerifier(vault, new VerifyOptions()).RunAsync(
            (damage, _) =>
            {
                damages.Add(damage.ObjectName);
                return Task.CompletedTask;
            },
            Cancel);
        Assert.Equal([name], damages);
    }

    private async Task<BackupVault> OpenAsAsync(WriterProcess process, bool make = true)
    {
        if (make) await _workshop.CreateAsync();
        return await BackupVault.OpenAsync(_workshop.Store, null, Runtime with { Process = process }, Cancel);
    }
}
