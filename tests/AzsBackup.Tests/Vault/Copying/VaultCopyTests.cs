using AzsBackup.Model;
using AzsBackup.Tests.Vault.Stores;
using AzsBackup.Vault;
using AzsBackup.Vault.Copying;
using AzsBackup.Vault.Maintenance;
using Xunit;
using static AzsBackup.Tests.Vault.VaultWorkshop;

namespace AzsBackup.Tests.Vault.Copying;

public sealed class VaultCopyTests
{
    private static readonly byte[] First = MakeStream([2, 1, 0, 3], 100, seed: 1);
    private static readonly byte[] Second = MakeStream([2, 1, 2, 3], 200, seed: 50);

    private readonly MemoryStore _source = new(location: "source");
    private readonly MemoryStore _destination = new(location: "destination");

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Run_EmptyDestination_IsTheSameVaultByteForByte(bool encrypted)
    {
        using var source = await CreateAsync(_source, encrypted);
        string firstId = (await BackUpAsync(source, First, "/vm/1")).Id;
        string secondId = (await BackUpAsync(source, Second, "/vm/2")).Id;
        var plan = await new VaultCopy(source, _destination, new()).PlanAsync(Cancel);
        Assert.Empty(_destination.Objects);
        var results = await RunAsync(source);
        Assert.All(results, result => Assert.Equal(PointCopyStatus.Copied, result.Status));
        Assert.Equal(results.Sum(result => result.ChunksCopied), plan.ChunksToCopy);
        Assert.Equal(_destination.Objects.Where(stored => stored.Key.StartsWith("chunks/", StringComparison.Ordinal)).Sum(stored => (long)stored.Value.Content.Length), plan.BytesToCopy);
        Assert.Equal((true, 2, 0, 0), (plan.MakesVault, plan.PointsToCopy, plan.PointsPresent, plan.PointsDamaged));
        AssertSame(_source, _destination);

        using var copy = await OpenAsync(_destination, encrypted);
        Assert.Equal(source.Info with { Location = "" }, copy.Info with { Location = "" });
        Assert.Equal(First, await RestoreAsync(copy, firstId));
        Assert.Equal(Second, await RestoreAsync(copy, secondId));
    }

    [Fact]
    public async Task Run_Again_CopiesOnlyWhatIsNew()
    {
        using var source = await CreateAsync(_source);
        await BackUpAsync(source, First);
        await RunAsync(source);
        string secondId = (await BackUpAsync(source, Second)).Id;
        var before = _destination.Objects.ToDictionary();
        var plan = await new VaultCopy(source, _destination, new()).PlanAsync(Cancel);
        Assert.Equal((false, 1, 1), (plan.MakesVault, plan.PointsToCopy, plan.PointsPresent));
        var results = await RunAsync(source);
        Assert.Equal([PointCopyStatus.Present, PointCopyStatus.Copied], results.Select(result => result.Status).Order().Reverse());
        Assert.Equal((secondId, plan.ChunksToCopy), results.Where(result => result.Status == PointCopyStatus.Copied).Select(result => (result.Point.Id, result.ChunksCopied)).Single());
        Assert.All(before, stored => Assert.Same(stored.Value.Content, _destination.Objects[stored.Key].Content));

        var creations = _destination.Objects.Count;
        Assert.All(await RunAsync(source), result => Assert.Equal(PointCopyStatus.Present, result.Status));
        Assert.Equal(creations, _destination.Objects.Count);
    }

    [Fact]
    public async Task Run_Filter_CopiesOnlyThose()
    {
        using var source = await CreateAsync(_source);
        await BackUpAsync(source, First, "/vm/1");
        string wanted = (await BackUpAsync(source, Second, "/vm/2")).Id;
        var results = await RunAsync(source, new VaultCopyOptions { Filter = point => point.Item == "/vm/2" });
        Assert.Equal(wanted, Assert.Single(results).Point.Id);
        using var copy = await OpenAsync(_destination);
        Assert.Equal(wanted, Assert.Single(await ListAsync(copy)).Id);
    }

    [Fact]
    public async Task Run_ChunksOfLaterGenerations_KeepThem()
    {
        using var source = await CreateAsync(_source);
        string id = (await BackUpAsync(source, First)).Id;
        await RemoveAsync(_source, id);
        await new VaultOptimizer(source, new OptimizeOptions()).RunAsync(Cancel);
        id = (await BackUpAsync(source, First)).Id;
        Assert.Contains(_source.Objects.Keys, name => name.EndsWith(".1", StringComparison.Ordinal) && name.StartsWith("chunks/", StringComparison.Ordinal));
        await RunAsync(source);
        using var copy = await OpenAsync(_destination);
        Assert.Equal(First, await RestoreAsync(copy, id));
        Assert.DoesNotContain(_destination.Objects.Keys, name => name.StartsWith("condemned/", StringComparison.Ordinal) || name.StartsWith("sessions/", StringComparison.Ordinal));
        Assert.All(_destination.Objects.Keys.Where(name => name.StartsWith("chunks/", StringComparison.Ordinal)), name => Assert.EndsWith(".1", name, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Run_DamagedChunk_HurtsItsPointsAndNoOthers()
    {
        using var source = await CreateAsync(_source);
        string sharedBy1 = (await BackUpAsync(source, First, "/vm/1")).Id;
        string sharedBy2 = (await BackUpAsync(source, [.. First.AsSpan(0, ChunkSize)], "/vm/2")).Id;
        string other = (await BackUpAsync(source, MakeStream([2, 2], 9, seed: 900), "/vm/3")).Id;
        string name = await ChunkNameAsync(source, sharedBy2, 0);
        string gone = await ChunkNameAsync(source, sharedBy1, 1);
        var plan = await new VaultCopy(source, _destination, new()).PlanAsync(Cancel);
        Assert.Equal(3, plan.PointsToCopy);
        _source.Objects[name].Content[500] ^= 4;
        _source.Objects.TryRemove(gone, out _);
        Assert.Equal(1, (await new VaultCopy(source, _destination, new()).PlanAsync(Cancel)).PointsDamaged);

        var results = (await RunAsync(source)).ToDictionary(result => result.Point.Id);
        Assert.Equal((PointCopyStatus.Failed, "CopySourceDamaged"), (results[sharedBy1].Status, results[sharedBy1].Failure!.ErrorId));
        Assert.Equal(new[] { name, gone }.Order(), results[sharedBy1].DamagedObjects);
        Assert.Equal(name, Assert.Single(results[sharedBy2].DamagedObjects));
        Assert.Equal(PointCopyStatus.Copied, results[other].Status);
        using var copy = await OpenAsync(_destination);
        Assert.Equal(other, Assert.Single(await ListAsync(copy)).Id);
        Assert.DoesNotContain(name, _destination.Objects.Keys);

        // The source heals by a backup of the same disk: then the rest follows.
        _source.Objects.TryRemove(name, out _);
        await BackUpAsync(source, First, "/vm/1");
        Assert.DoesNotContain(await RunAsync(source), result => result.Status == PointCopyStatus.Failed);
        Assert.Equal(First, await RestoreAsync(copy, sharedBy1));
    }

    [Theory]
    [InlineData(".index")]
    [InlineData(".doc")]
    [InlineData("point.json")]
    public async Task Run_DamagedPart_FailsThatPointOnly(string sort)
    {
        using var source = await CreateAsync(_source);
        string hurt = (await BackUpAsync(source, First, "/vm/1")).Id;
        string whole = (await BackUpAsync(source, Second, "/vm/2")).Id;
        string name = _source.Objects.Keys.Single(name => name.Contains(hurt, StringComparison.Ordinal) && name.EndsWith(sort, StringComparison.Ordinal));
        _source.Objects[name].Content[60] ^= 1;
        var results = (await RunAsync(source)).ToDictionary(result => result.Point.Id, result => result.Status);
        Assert.Equal((PointCopyStatus.Failed, PointCopyStatus.Copied), (results[hurt], results[whole]));
        using var copy = await OpenAsync(_destination);
        Assert.Equal(whole, Assert.Single(await ListAsync(copy)).Id);
    }

    [Fact]
    public async Task Run_Keys_AreAddedAndNeverRemoved()
    {
        using var source = await CreateAsync(_source);
        await BackUpAsync(source, First);
        await RunAsync(source);
        using (var second = Passphrase("another one"))
            await source.AddKeyAsync(second, Cancel);
        var copy = new VaultCopy(source, _destination, new());
        await DrainAsync(copy);
        Assert.Empty(copy.KeysOnlyInDestination);
        using var secret = Passphrase("another one");
        using var opened = await BackupVault.OpenAsync(_destination, secret, Runtime, Cancel);
        string removed = (await source.ListKeysAsync(Cancel)).Single(key => !key.IsUsed).Id;
        await source.RemoveKeyAsync(removed, force: false, Cancel);
        copy = new VaultCopy(source, opened, new());
        await DrainAsync(copy);
        Assert.Equal(removed, Assert.Single(copy.KeysOnlyInDestination));
    }

    [Fact]
    public async Task Run_ForeignPlaces_AreRefusedUntouched()
    {
        using var source = await CreateAsync(_source);
        (await CreateAsync(_destination)).Dispose();
        var before = _destination.Objects.ToDictionary();
        await AssertFailsAsync("CopyDestinationForeign", () => RunAsync(source));
        Assert.Equal(before, _destination.Objects.ToDictionary());
        await AssertFailsAsync("CopyDestinationIsSource", () => DrainAsync(new VaultCopy(source, _source, new())));
        var photos = new MemoryStore(location: "photos");
        photos.Objects["heron.jpg"] = ([1], default);
        await AssertFailsAsync("VaultFolderNotEmpty", () => DrainAsync(new VaultCopy(source, photos, new())));
    }

    [Fact]
    public async Task Run_ChunkCondemnedInTheDestination_IsSpared()
    {
        // The destination removed the point and condemned its chunks; the source still has it, and a new one that shares them.
        using var source = await CreateAsync(_source);
        string id = (await BackUpAsync(source, First)).Id;
        await RunAsync(source);
        using var copy = await OpenAsync(_destination);
        await RemoveAsync(_destination, id);
        var optimizer = new VaultOptimizer(copy, new OptimizeOptions { GracePeriod = TimeSpan.Zero });
        Assert.True((await optimizer.RunAsync(Cancel)).ChunksCondemned > 0);
        Assert.Equal(PointCopyStatus.Copied, Assert.Single(await RunAsync(source)).Status);
        Assert.DoesNotContain(_destination.Objects.Keys, name => name.StartsWith("condemned/", StringComparison.Ordinal));
        await optimizer.RunAsync(Cancel);
        await optimizer.RunAsync(Cancel);
        Assert.Equal(First, await RestoreAsync(copy, id));
    }

    [Fact]
    public async Task Run_ChunkBeingSwept_FailsThatPointUntilTheSweepIsOver()
    {
        using var source = await CreateAsync(_source);
        string id = (await BackUpAsync(source, First)).Id;
        string other = (await BackUpAsync(source, MakeStream([2], 3, seed: 77), "/vm/2")).Id;
        await RunAsync(source);
        using var copy = await OpenAsync(_destination);
        await RemoveAsync(_destination, id);
        await RemoveAsync(_destination, other);
        await new VaultOptimizer(copy, new OptimizeOptions { EntriesPerList = 1 }).RunAsync(Cancel);
        string hex = (await ChunkNameAsync(source, id, 0))[10..];
        string list = _destination.Objects.Keys.Single(name => name.Split('/') is ["condemned", { Length: 32 } last] && Names(copy, last, hex));
        string claim = $"{list}.claim.{new string('a', 32)}";
        using (var content = copy.Access.Sealer.Seal(AzsBackup.Vault.Format.ObjectRole.Condemned, claim, []))
            _destination.Objects[claim] = (content.Span.ToArray(), DateTime.UtcNow);
        var results = (await RunAsync(source)).ToDictionary(result => result.Point.Id);
        Assert.Equal("CopyChunkCondemned", results[id].Failure!.ErrorId);
        Assert.Equal(PointCopyStatus.Copied, results[other].Status);
        Assert.Contains(list, _destination.Objects.Keys);

        // The sweeper ends its work.
        _destination.Objects.TryRemove($"chunks/{hex[..2]}/{hex}", out _);
        _destination.Objects.TryRemove(list, out _);
        _destination.Objects.TryRemove(claim, out _);
        Assert.DoesNotContain(await RunAsync(source), result => result.Status == PointCopyStatus.Failed);
        Assert.Equal(First, await RestoreAsync(copy, id));
    }

    [Fact]
    public async Task Run_AmnestyThatDied_IsEndedByTheNextOne()
    {
        using var source = await CreateAsync(_source);
        string id = (await BackUpAsync(source, First)).Id;
        await RunAsync(source);
        using var copy = await OpenAsync(_destination);
        await RemoveAsync(_destination, id);
        await new VaultOptimizer(copy, new OptimizeOptions()).RunAsync(Cancel);
        string list = _destination.Objects.Keys.Single(name => name.Split('/') is ["condemned", { Length: 32 }]);
        string claim = $"{list}.claim.{new string('a', 32)}";
        using (var content = copy.Access.Sealer.Seal(AzsBackup.Vault.Format.ObjectRole.Condemned, claim, "spare"u8))
            _destination.Objects[claim] = (content.Span.ToArray(), DateTime.UtcNow);
        Assert.Equal(PointCopyStatus.Copied, Assert.Single(await RunAsync(source)).Status);
        Assert.DoesNotContain(_destination.Objects.Keys, name => name.StartsWith("condemned/", StringComparison.Ordinal));
        Assert.Equal(First, await RestoreAsync(copy, id));
    }

    [Fact]
    public async Task Run_PointGivenUpInTheDestination_SaysSo()
    {
        using var source = await CreateAsync(_source);
        await BackUpAsync(source, First);
        string pointName = _source.Objects.Keys.Single(name => name.EndsWith("point.json", StringComparison.Ordinal));
        await RunAsync(source);
        using var copy = await OpenAsync(_destination);
        using (var content = copy.Access.Sealer.Seal(AzsBackup.Vault.Format.ObjectRole.Point, pointName, []))
            _destination.Objects[pointName] = (content.Span.ToArray(), DateTime.UtcNow);
        Assert.Equal("CopyPointGivenUp", Assert.Single(await RunAsync(source)).Failure!.ErrorId);
    }

    [Fact]
    public async Task Run_PointRemovedFromTheSourceMeanwhile_IsNoDamage()
    {
        using var source = await CreateAsync(_source);
        string removed = (await BackUpAsync(source, First, "/vm/1")).Id;
        string kept = (await BackUpAsync(source, MakeStream([2], 3, seed: 77), "/vm/2")).Id;
        var reports = new RemoveOnFirstReport(() =>
        {
            RemoveAsync(_source, removed).GetAwaiter().GetResult();
            foreach (string name in _source.Objects.Keys.Where(name => name.StartsWith("chunks/", StringComparison.Ordinal)))
                _source.Objects.TryRemove(name, out _);
        });
        using var unused = await OpenAsync(_source);
        var results = await RunAsync(source, new VaultCopyOptions { ChunksInFlight = 1, Progress = reports, Filter = point => point.Id == removed });
        Assert.Equal("PointNotFound", Assert.Single(results).Failure!.ErrorId);
        Assert.NotEqual(removed, kept);
    }

    [Fact]
    public async Task Run_TwoAtOnce_BothSucceed()
    {
        using var source = await CreateAsync(_source);
        for (int i = 0; i < 5; i++)
            await BackUpAsync(source, MakeStream([2, 1], 10, seed: i * 10), $"/vm/{i}");
        var runs = await Task.WhenAll(RunAsync(source), RunAsync(source));
        Assert.All(runs, results => Assert.DoesNotContain(results, result => result.Status == PointCopyStatus.Failed));
        AssertSame(_source, _destination);
    }

    [Fact]
    public async Task Run_Cancelled_EndsAndGoesOnLater()
    {
        using var source = await CreateAsync(_source);
        for (int i = 0; i < 3; i++)
            await BackUpAsync(source, MakeStream([2, 1], 10, seed: i * 10), $"/vm/{i}");
        using var stop = new CancellationTokenSource();
        var copy = new VaultCopy(source, _destination, new());
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var result in copy.RunAsync(stop.Token))
                await stop.CancelAsync();
        });
        Assert.DoesNotContain(_destination.Objects.Keys, name => name.StartsWith("sessions/", StringComparison.Ordinal));
        await RunAsync(source);
        AssertSame(_source, _destination);
    }

    internal static async Task RemoveAsync(MemoryStore store, string pointId)
    {
        foreach (string name in store.Objects.Keys.Where(name => name.Contains(pointId, StringComparison.Ordinal)).OrderBy(name => !name.EndsWith("point.json", StringComparison.Ordinal)))
            await store.DeleteAsync(name, Cancel);
    }

    internal static void AssertSame(MemoryStore source, MemoryStore destination)
    {
        Assert.Equal(source.Objects.Keys.Order(), destination.Objects.Keys.Order());
        Assert.All(source.Objects, stored => Assert.Equal(stored.Value.Content, destination.Objects[stored.Key].Content));
    }

    private static async Task AssertFailsAsync(string errorId, Func<Task> action) =>
        Assert.Equal(errorId, (await Assert.ThrowsAsync<AzsException>(action)).ErrorId);

    private static bool Names(BackupVault vault, string listId, string hex)
    {
        var list = AzsBackup.Vault.Format.CondemnedList.FindAsync(vault.Access, listId, Cancel).GetAwaiter().GetResult();
        return list!.Chunks.Any(chunk => chunk.Name.ToString() == hex);
    }

    private static async Task<string> ChunkNameAsync(BackupVault vault, string pointId, long number)
    {
        string hex = (await vault.OpenPointAsync(pointId, Cancel)).Streams[0].Find(number).Name.ToString();
        return $"chunks/{hex[..2]}/{hex}";
    }

    private static async Task<List<PointCopy>> DrainAsync(VaultCopy copy)
    {
        var results = new List<PointCopy>();
        await foreach (var result in copy.RunAsync(Cancel))
            results.Add(result);
        return results;
    }

    private Task<List<PointCopy>> RunAsync(BackupVault source, VaultCopyOptions? options = null) =>
        DrainAsync(new VaultCopy(source, _destination, options ?? new()));

    private sealed class RemoveOnFirstReport(Action remove) : IProgress<VaultCopyProgress>
    {
        private int _reports;

        public void Report(VaultCopyProgress value)
        {
            if (Interlocked.Increment(ref _reports) == 1)
                remove();
        }
    }
}
