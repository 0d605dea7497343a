using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using Xunit;

namespace AzsBackup.Tests.Emulator.Blobs;

public sealed class ListTests
{
    private static readonly string[] Names = ["a", "chunks/00/1", "chunks/00/2", "chunks/01/3", "chunks/01/4", "chunks0", "points/s/v/1", "z"];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(5000)]
    public async Task Blobs_InPagesOfAnySize_ComeOnceAndInOrder(int pageSize)
    {
        await using var host = await BlobServiceHost.StartAsync();
        var container = await host.ContainerAsync();
        foreach (var name in Names.Reverse())
            await container.GetBlobClient(name).UploadAsync(BinaryData.FromString(name), Cancel);

        async Task<List<string>> FlatAsync(string? prefix)
        {
            var found = new List<string>();
            await foreach (var page in container.GetBlobsAsync(BlobTraits.None, BlobStates.None, prefix, Cancel).AsPages(pageSizeHint: pageSize))
            {
                Assert.InRange(page.Values.Count, 0, pageSize);
                found.AddRange(page.Values.Select(b => b.Name));
            }

            return found;
        }

        Assert.Equal(Names, await FlatAsync(null));
        Assert.Equal(Names.Where(n => n.StartsWith("chunks/", StringComparison.Ordinal)), await FlatAsync("chunks/"));
        Assert.Empty(await FlatAsync("none"));

        var tree = new List<string>();
        await foreach (var page in container.GetBlobsByHierarchyAsync(BlobTraits.None, BlobStates.None, "/", null, Cancel).AsPages(pageSizeHint: pageSize))
        {
            Assert.InRange(page.Values.Count, 0, pageSize);
            tree.AddRange(page.Values.Select(i => i.IsPrefix ? i.Prefix : i.Blob.Name));
        }

        Assert.Equal(["a", "chunks/", "chunks0", "points/", "z"], tree.Order(StringComparer.Ordinal));
        var level = new List<string>();
        await foreach (var item in container.GetBlobsByHierarchyAsync(BlobTraits.None, BlobStates.None, "/", "chunks/", Cancel))
            level.Add(item.Prefix);
        Assert.Equal(["chunks/00/", "chunks/01/"], level);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(100)]
    public async Task Blobs_WithSnapshotsMetadataAndUncommitted_AreAllThere(int pageSize)
    {
        await using var host = await BlobServiceHost.StartAsync();
        var blob = await host.PageBlobAsync(1024, "disk");
        await blob.SetMetadataAsync(new Dictionary<string, string> { ["n"] = "1" }, cancellationToken: Cancel);
        var first = (await blob.CreateSnapshotAsync(cancellationToken: Cancel)).Value.Snapshot;
        var second = (await blob.CreateSnapshotAsync(new Dictionary<string, string> { ["n"] = "2" }, cancellationToken: Cancel)).Value.Snapshot;
        await (await host.ContainerAsync()).GetBlockBlobClient("late").StageBlockAsync("AAAA", new MemoryStream([1]), cancellationToken: Cancel);

        var found = new List<BlobItem>();
        await foreach (var page in (await host.ContainerAsync()).GetBlobsAsync(BlobTraits.Metadata, BlobStates.Snapshots | BlobStates.Uncommitted, null, Cancel).AsPages(pageSizeHint: pageSize))
            found.AddRange(page.Values);
        Assert.Equal([("disk", first, "1"), ("disk", second, "2"), ("disk", null, "1"), ("late", null, null)], found.Select(b => (b.Name, (string?)b.Snapshot, b.Metadata?.Values.SingleOrDefault())));
        Assert.Equal((1024L, BlobType.Page, 0L), (found[2].Properties.ContentLength!.Value, found[2].Properties.BlobType!.Value, found[2].Properties.BlobSequenceNumber!.Value));
        // The service puts quotes around ETags in headers, and none in lists of blobs.
        Assert.Equal((await blob.GetPropertiesAsync(cancellationToken: Cancel)).Value.ETag.ToString(), $"\"{found[2].Properties.ETag}\"");
    }

    [Fact]
    public async Task Containers_CreateListDelete_FollowTheService()
    {
        await using var host = await BlobServiceHost.StartAsync();
        var client = host.Client();
        foreach (var name in new[] { "list3", "list1", "other", "list2" })
            await client.CreateBlobContainerAsync(name, metadata: new Dictionary<string, string> { ["is"] = name }, cancellationToken: Cancel);
        var found = new List<BlobContainerItem>();
        await foreach (var page in client.GetBlobContainersAsync(BlobContainerTraits.Metadata, BlobContainerStates.None, "list", Cancel).AsPages(pageSizeHint: 2))
            found.AddRange(page.Values);
        Assert.Equal([("list1", "list1"), ("list2", "list2"), ("list3", "list3")], found.Select(c => (c.Name, c.Properties.Metadata["is"])));

        await Refused.AsAsync(409, "ContainerAlreadyExists", () => client.CreateBlobContainerAsync("list1", cancellationToken: Cancel));
        await Refused.AsAsync(400, "InvalidResourceName", () => client.CreateBlobContainerAsync("No", cancellationToken: Cancel));
        var container = client.GetBlobContainerClient("list1");
        await container.GetPageBlobClient("disk").CreateAsync(512, cancellationToken: Cancel);
        Assert.Equal("list1", (await container.GetPropertiesAsync(cancellationToken: Cancel)).Value.Metadata["is"]);
        await container.DeleteAsync(cancellationToken: Cancel);
        await Refused.AsAsync(404, "ContainerNotFound", () => container.DeleteAsync(cancellationToken: Cancel));
        await Refused.AsAsync(404, "ContainerNotFound", () => container.GetPageBlobClient("disk").DownloadContentAsync(Cancel));
        Assert.True(host.Service.RemoveAccount(BlobServiceHost.Account));
        await Refused.AsAsync(404, "ResourceNotFound", () => client.GetAccountInfoAsync(Cancel));
    }
}
