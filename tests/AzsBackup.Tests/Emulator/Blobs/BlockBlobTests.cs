using System.Security.Cryptography;
using System.Text;
using Azure;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using Xunit;

namespace AzsBackup.Tests.Emulator.Blobs;

public sealed class BlockBlobTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task PutBlob_CreateOnly_IsRefusedTheSecondTime()
    {
        await using var host = await BlobServiceHost.StartAsync();
        var blob = (await host.ContainerAsync()).GetBlockBlobClient("chunk");
        var data = RandomNumberGenerator.GetBytes(1 << 20);
        var options = new BlobUploadOptions { Conditions = new() { IfNoneMatch = ETag.All }, Metadata = new Dictionary<string, string> { ["k"] = "v" } };
        var info = await blob.UploadAsync(new MemoryStream(data), options, Cancel);
        Assert.Equal(CryptographicOperations.HashData(HashAlgorithmName.MD5, data), info.Value.ContentHash);
        await Refused.AsAsync(409, "BlobAlreadyExists", () => blob.UploadAsync(new MemoryStream([1]), options, Cancel));

        var got = (await blob.DownloadContentAsync(Cancel)).Value;
        Assert.Equal(data, got.Content.ToArray());
        Assert.Equal("v", got.Details.Metadata["k"]);
        Assert.Equal(CryptographicOperations.HashData(HashAlgorithmName.MD5, data), got.Details.ContentHash);
        Assert.Single(Directory.GetFiles(Path.Combine(host.Directory, "blocks")));
        await blob.DeleteAsync(cancellationToken: Cancel);
        Assert.Empty(Directory.GetFiles(Path.Combine(host.Directory, "blocks")));
    }

    [Fact]
    public async Task GetBlob_BytesLost_IsInternalErrorInTheServicesWords()
    {
        await using var host = await BlobServiceHost.StartAsync();
        var blob = (await host.ContainerAsync()).GetBlobClient("lost");
        await blob.UploadAsync(BinaryData.FromString("lost"), Cancel);
        foreach (var file in Directory.EnumerateFiles(host.Directory, "*.block", SearchOption.AllDirectories))
            File.Delete(file);
        await Refused.AsAsync(500, "InternalError", () => blob.DownloadContentAsync(Cancel));
    }

    [Fact]
    public async Task PutBlob_Empty_IsABlob()
    {
        await using var host = await BlobServiceHost.StartAsync();
        var blob = (await host.ContainerAsync()).GetBlockBlobClient("empty");
        await blob.UploadAsync(new MemoryStream(), cancellationToken: Cancel);
        Assert.Equal(0, (await blob.GetPropertiesAsync(cancellationToken: Cancel)).Value.ContentLength);
        Assert.Empty((await blob.DownloadContentAsync(Cancel)).Value.Content.ToArray());
    }

    [Fact]
    public async Task BlockList_CommitReorderAndReplace_ReadsInOrder()
    {
        await using var host = await BlobServiceHost.StartAsync();
        var blob = (await host.ContainerAsync()).GetBlockBlobClient("blocks");
        await blob.StageBlockAsync(Id(1), Text("AAA"), cancellationToken: Cancel);
        await blob.StageBlockAsync(Id(2), Text("BBBB"), cancellationToken: Cancel);
        await Refused.AsAsync(404, "BlobNotFound", () => blob.DownloadContentAsync(Cancel));
        var uncommitted = (await blob.GetBlockListAsync(BlockListTypes.All, cancellationToken: Cancel)).Value;
        Assert.Empty(uncommitted.CommittedBlocks);
        Assert.Equal([(Id(1), 3L), (Id(2), 4L)], uncommitted.UncommittedBlocks.Select(b => (b.Name, b.SizeLong)));

        await blob.CommitBlockListAsync([Id(2), Id(1), Id(2)], cancellationToken: Cancel);
        Assert.Equal("BBBBAAABBBB", (await blob.DownloadContentAsync(Cancel)).Value.Content.ToString());
        var snapshot = (await blob.CreateSnapshotAsync(cancellationToken: Cancel)).Value.Snapshot;

        await blob.StageBlockAsync(Id(1), Text("CC"), cancellationToken: Cancel);
        await blob.CommitBlockListAsync([Id(1), Id(2)], cancellationToken: Cancel);
        Assert.Equal("CCBBBB", (await blob.DownloadContentAsync(Cancel)).Value.Content.ToString());
        Assert.Equal("BBBBAAABBBB", (await blob.WithSnapshot(snapshot).DownloadContentAsync(Cancel)).Value.Content.ToString());
        Assert.Equal("BAAABB", (await blob.WithSnapshot(snapshot).DownloadContentAsync(new BlobDownloadOptions { Range = new HttpRange(3, 6) }, Cancel)).Value.Content.ToString());
        await Refused.AsAsync(400, "InvalidBlockList", () => blob.CommitBlockListAsync([Id(9)], cancellationToken: Cancel));
        await Refused.AsAsync(400, "InvalidBlobOrBlock", async () =>
        {
            await blob.StageBlockAsync(Id(5), Text("x"), cancellationToken: Cancel);
            await blob.StageBlockAsync(Convert.ToBase64String(Encoding.ASCII.GetBytes("longer id")), Text("x"), cancellationToken: Cancel);
        });

        await blob.DeleteAsync(DeleteSnapshotsOption.IncludeSnapshots, cancellationToken: Cancel);
        Assert.Empty(Directory.GetFiles(Path.Combine(host.Directory, "blocks")));
    }

    [Fact]
    public async Task PutBlob_TypeOfAnotherOperation_IsRefused()
    {
        await using var host = await BlobServiceHost.StartAsync();
        var container = await host.ContainerAsync();
        var blob = container.GetBlockBlobClient("text");
        await blob.UploadAsync(Text("text"), cancellationToken: Cancel);
        await Refused.AsAsync(409, "InvalidBlobType", () => container.GetPageBlobClient("text").GetPageRangesAsync(cancellationToken: Cancel));
        await Refused.AsAsync(409, "InvalidBlobType", () => container.GetPageBlobClient("text").ResizeAsync(512, cancellationToken: Cancel));
        await Refused.AsAsync(409, "InvalidBlobType", () => container.GetAppendBlobClient("text").AppendBlockAsync(Text("more"), cancellationToken: Cancel));
    }

    [Fact]
    public async Task PutBlockFromUrl_ARangeOfAnotherBlob_IsItsBytes()
    {
        await using var host = await BlobServiceHost.StartAsync();
        var container = await host.ContainerAsync();
        await container.GetBlobClient("source").UploadAsync(Text("0123456789"), Cancel);
        var source = new Uri($"{container.Uri}/source?{SasText.Service(host.Key, "b", "things", "source", "r", host.Clock.GetUtcNow().AddHours(1))}");
        var blob = container.GetBlockBlobClient("target");
        await blob.StageBlockFromUriAsync(source, Id(1), new() { SourceRange = new(2, 3), SourceContentHash = CryptographicOperations.HashData(HashAlgorithmName.MD5, "234"u8) }, Cancel);
        await blob.StageBlockFromUriAsync(source, Id(2), new(), Cancel);
        await blob.CommitBlockListAsync([Id(2), Id(1)], cancellationToken: Cancel);
        Assert.Equal("0123456789234", (await blob.DownloadContentAsync(Cancel)).Value.Content.ToString());
        await Refused.AsAsync(400, "Md5Mismatch", () => blob.StageBlockFromUriAsync(source, Id(3), new() { SourceContentHash = new byte[16] }, Cancel));
        await Refused.AsAsync(416, "InvalidRange", () => blob.StageBlockFromUriAsync(source, Id(3), new() { SourceRange = new(10, 1) }, Cancel));
        await Refused.AsAsync(403, "CannotVerifyCopySource", () => blob.StageBlockFromUriAsync(new Uri(source.AbsoluteUri.Replace("sp=r", "sp=w", StringComparison.Ordinal)), Id(3), new(), Cancel));
    }

    private static string Id(int number) => Convert.ToBase64String(BitConverter.GetBytes(number));

    private static MemoryStream Text(string text) => new(Encoding.ASCII.GetBytes(text));
}
