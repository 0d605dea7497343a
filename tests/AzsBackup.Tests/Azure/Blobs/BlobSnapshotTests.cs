using AzsBackup.Engine.Disks;
using AzsBackup.Engine.Stacks;
using AzsBackup.Tests.Engine.Backup;
using Xunit;

namespace AzsBackup.Tests.Azure.Blobs;

/// <summary>Snapshots of page blobs in a tenant's account, as the emulated stack serves them over HTTPS.</summary>
public sealed class BlobSnapshotTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ListSnapshotsAsync_SnapshotsOfABlobAndItsNeighbours_AreThoseOfTheBlobWithWhatWasSaidOfThem()
    {
        await using var rig = await KillRig.StartAsync();
        var blob = await OpenAsync(rig, "vhds/disk");
        var neighbour = await OpenAsync(rig, "vhds/disk-2");
        foreach (var each in new[] { blob, neighbour })
        {
            await each.CreateAsync(4096, Ct);
            await each.CreateSnapshotAsync(new Dictionary<string, string> { ["azsbackup_vault"] = "neighbour" }, Ct);
        }

        var first = (await blob.ListSnapshotsAsync(Ct).ToListAsync(Ct)).Single().Name;
        await blob.WriteAsync(0, Enumerable.Repeat((byte)7, 512).ToArray(), Ct);
        var second = await blob.CreateSnapshotAsync(new Dictionary<string, string> { ["azsbackup_vault"] = "v", ["azsbackup_session"] = "s" }, Ct);
        var third = await blob.CreateSnapshotAsync(Ct);

        var listed = await blob.ListSnapshotsAsync(Ct).ToListAsync(Ct);
        Assert.Equal([first, second, third], listed.Select(snapshot => snapshot.Name));
        Assert.Equal("v", listed[1].Metadata["AzsBackup_Vault"]);
        Assert.Equal(2, listed[1].Metadata.Count);
        Assert.Empty(listed[2].Metadata);
        var changes = await blob.OpenSnapshot(second).GetChangesAsync(blob.OpenSnapshot(first), Ct).ToListAsync(Ct);
        Assert.Equal([new ByteRange(0, 512)], changes);

        await blob.DeleteSnapshotAsync(second, Ct);
        await blob.DeleteSnapshotAsync(second, Ct);
        Assert.Equal([first, third], await blob.ListSnapshotsAsync(Ct).Select(snapshot => snapshot.Name).ToListAsync(Ct));
        Assert.Single(await neighbour.ListSnapshotsAsync(Ct).ToListAsync(Ct));
    }

    [Theory]
    [InlineData("vhds/none")]
    [InlineData("none/none")]
    public async Task ListSnapshotsAsync_BlobOrContainerThatIsNotThere_AreNone(string path)
    {
        await using var rig = await KillRig.StartAsync();
        Assert.Empty(await (await OpenAsync(rig, path)).ListSnapshotsAsync(Ct).ToListAsync(Ct));
    }

    [Fact]
    public async Task ListSnapshotsAsync_ManyOfOneBlob_AreListedOldestFirst()
    {
        await using var rig = await KillRig.StartAsync();
        var blob = await OpenAsync(rig, "vhds/many");
        await blob.CreateAsync(512, Ct);
        for (var i = 0; i < 12; i++) await blob.CreateSnapshotAsync(new Dictionary<string, string> { ["number"] = $"{i}" }, Ct);
        Assert.Equal(
            Enumerable.Range(0, 12).Select(i => $"{i}"),
            await blob.ListSnapshotsAsync(Ct).Select(snapshot => snapshot.Metadata["number"]).ToListAsync(Ct));
    }

    private static Task<IPageBlob> OpenAsync(KillRig rig, string path) => StorageAccounts.OpenBlobAsync(
        rig.Client, rig.Stack.SubscriptionId, new Uri(rig.Stack.BlobEndpoint, $"contosoappdata/{path}"), Ct);
}
