using AzsBackup.Engine.Disks;
using AzsBackup.Engine.Replication;
using AzsBackup.Engine.Stacks;
using AzsBackup.Model;
using AzsBackup.Tests.Engine.Fakes;
using Xunit;

namespace AzsBackup.Tests.Engine.Replication;

public sealed class ReplicaCycleTests : IDisposable
{
    private static readonly byte[][] Disks = [TestDisks.Make(1, 130), TestDisks.Make(2, 20)];

    private readonly TransferBudget _budget = new(8 * TransferBudget.PieceLength);
    private readonly RecordingLog _log = new();
    private readonly MemoryStack _source = new();
    private readonly MemoryStack _target = Other("https://management.other.test");

    public void Dispose() => _budget.Dispose();

    [Fact]
    public async Task Run_FirstCycle_PublishesTheSourcesBytes()
    {
        var replica = await CycleAsync(_source.AddVm("web", Disks));

        Assert.Equal(Disks, ReadPoint(replica));
        Assert.Equal(replica.Id, Assert.Single(await CatalogAsync()).Id);
        Assert.Empty(_source.Snapshots);
        Assert.Empty(_source.Grants);
    }

    [Fact]
    public async Task Run_NextCycle_FollowsWritesAndClearsAndKeepsOnePoint()
    {
        var vm = _source.AddVm("web", Disks);
        await CycleAsync(vm);
        var changed = Disks[0].ToArray();
        changed.AsSpan(0, 40 * 4096).Clear();
        changed[100 * 4096]++;
        _source.SetDisk("web-disk0", changed);

        var replica = await CycleAsync(vm);

        Assert.Equal([changed, Disks[1]], ReadPoint(replica));
        Assert.All(replica.Disks, disk => Assert.Equal([disk.BlobSnapshot], _target.Blob(BlobOf(disk)).SnapshotNames));
    }

    [Fact]
    public async Task Run_ResizedDisk_StartsItsBlobAnew()
    {
        var vm = _source.AddVm("web", Disks);
        await CycleAsync(vm);
        var grown = TestDisks.Make(7, 150);
        _source.SetDisk("web-disk0", grown);

        Assert.Equal([grown, Disks[1]], ReadPoint(await CycleAsync(vm)));
    }

    [Fact]
    public async Task Run_FailedAtAnyRequest_LeavesTheLastPointAsItWas()
    {
        await CycleAsync(_source.AddVm("web", Disks));
        var total = _target.Requests;
        for (var step = 1; step <= total; step++)
        {
            var source = new MemoryStack();
            var target = Other("https://management.other.test");
            var vm = source.AddVm("web", Disks);
            var published = await CycleAsync(source, target, vm);
            source.SetDisk("web-disk0", TestDisks.Make(step + 10, 130));
            var at = target.Requests + step;
            target.OnRequest = number =>
            {
                if (number == at) throw new AzsException(AzsErrorKind.RemoteFailed, "Injected", "Injected.", "None.");
            };

            var failure = await Record.ExceptionAsync(() => CycleAsync(source, target, vm));

            target.OnRequest = null;
            if (failure is null) continue;
            Assert.Equal("Injected", Assert.IsType<AzsException>(failure).ErrorId);
            var offered = Assert.Single(await new ReplicaCatalog(target, TimeProvider.System).ListAsync(TestContext.Current.CancellationToken).ToListAsync(TestContext.Current.CancellationToken));
            Assert.Equal(published.LastPoint, offered.LastPoint);
            Assert.Equal(Disks, ReadPoint(target, offered));
            Assert.Empty(source.Snapshots);
        }
    }

    [Fact]
    public async Task Plan_SourceIsTarget_IsRefused()
    {
        var cycle = new ReplicaCycle(_source, _source, _budget, TimeProvider.System, new CountingRunIds(), _log);

        var failure = await Assert.ThrowsAsync<AzsException>(() =>
            cycle.PlanAsync(_source.AddVm("web", Disks), new ReplicaOptions(), TestContext.Current.CancellationToken));

        Assert.Equal("ReplicaOnSameStack", failure.ErrorId);
    }

    private static MemoryStack Other(string endpoint) => new() { Connection = new MemoryStack().Connection with { ArmEndpoint = new Uri(endpoint) } };

    private Task<AzsStackReplica> CycleAsync(ResourceId vm) => CycleAsync(_source, _target, vm);

    private async Task<AzsStackReplica> CycleAsync(MemoryStack source, MemoryStack target, ResourceId vm)
    {
        var cycle = new ReplicaCycle(source, target, _budget, TimeProvider.System, new CountingRunIds(), _log);
        var plan = await cycle.PlanAsync(vm, new ReplicaOptions(), TestContext.Current.CancellationToken);
        return await cycle.RunAsync(plan, new ReplicaOptions(), TestContext.Current.CancellationToken);
    }

    private async Task<List<AzsStackReplica>> CatalogAsync() =>
        await new ReplicaCatalog(_target, TimeProvider.System).ListAsync(TestContext.Current.CancellationToken).ToListAsync(TestContext.Current.CancellationToken);

    private byte[][] ReadPoint(AzsStackReplica replica) => ReadPoint(_target, replica);

    private static byte[][] ReadPoint(MemoryStack target, AzsStackReplica replica) => replica.Disks
        .Select(disk => ((MemoryPageBlob)target.Blob(BlobOf(disk)).OpenSnapshot(disk.BlobSnapshot)).ToArray()).ToArray();

    private static string BlobOf(AzsReplicaDisk disk) => disk.BlobUri.AbsolutePath.TrimStart('/');
}
