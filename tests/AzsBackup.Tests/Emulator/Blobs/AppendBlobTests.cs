using System.Text;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using Xunit;

namespace AzsBackup.Tests.Emulator.Blobs;

public sealed class AppendBlobTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AppendBlock_Several_AreReadInARow_AndCounted()
    {
        await using var host = await BlobServiceHost.StartAsync();
        var blob = await CreateAsync(host);
        var first = (await blob.AppendBlockAsync(Text("one "), cancellationToken: Cancel)).Value;
        var second = (await blob.AppendBlockAsync(Text("two"), cancellationToken: Cancel)).Value;
        Assert.Equal(("0", 1), (first.BlobAppendOffset, first.BlobCommittedBlockCount));
        Assert.Equal(("4", 2), (second.BlobAppendOffset, second.BlobCommittedBlockCount));
        Assert.NotEqual(first.ETag, second.ETag);
        Assert.Equal("one two", (await blob.DownloadContentAsync(Cancel)).Value.Content.ToString());
        var properties = (await blob.GetPropertiesAsync(cancellationToken: Cancel)).Value;
        Assert.Equal((BlobType.Append, 7L, 2), (properties.BlobType, properties.ContentLength, properties.BlobCommittedBlockCount));
    }

    [Fact]
    public async Task AppendBlock_ConditionsNotMet_LeaveTheBlobAsItIs()
    {
        await using var host = await BlobServiceHost.StartAsync();
        var blob = await CreateAsync(host);
        await blob.AppendBlockAsync(Text("1234"), new() { Conditions = new() { IfAppendPositionEqual = 0, IfMaxSizeLessThanOrEqual = 4 } }, Cancel);
        await Refused.AsAsync(412, "AppendPositionConditionNotMet", () => blob.AppendBlockAsync(Text("5"), new() { Conditions = new() { IfAppendPositionEqual = 3 } }, Cancel));
        await Refused.AsAsync(412, "MaxBlobSizeConditionNotMet", () => blob.AppendBlockAsync(Text("5"), new() { Conditions = new() { IfMaxSizeLessThanOrEqual = 4 } }, Cancel));
        await Refused.AsAsync(412, "ConditionNotMet", () => blob.AppendBlockAsync(Text("5"), new() { Conditions = new() { IfMatch = new("\"0x1\"") } }, Cancel));
        Assert.Equal("1234", (await blob.DownloadContentAsync(Cancel)).Value.Content.ToString());
    }

    [Fact]
    public async Task Snapshot_OfAnAppendBlob_StaysWhenMoreIsAppended()
    {
        await using var host = await BlobServiceHost.StartAsync();
        var blob = await CreateAsync(host);
        await blob.AppendBlockAsync(Text("one"), cancellationToken: Cancel);
        var snapshot = blob.WithSnapshot((await blob.CreateSnapshotAsync(cancellationToken: Cancel)).Value.Snapshot);
        await blob.AppendBlockAsync(Text("two"), cancellationToken: Cancel);
        Assert.Equal("one", (await snapshot.DownloadContentAsync(Cancel)).Value.Content.ToString());
        await blob.DeleteAsync(DeleteSnapshotsOption.IncludeSnapshots, cancellationToken: Cancel);
        Assert.Empty(Directory.GetFiles(Path.Combine(host.Directory, "blocks")));
    }

    [Fact]
    public async Task AppendBlockFromUrl_ARange_IsAppended()
    {
        await using var host = await BlobServiceHost.StartAsync();
        var blob = await CreateAsync(host);
        var source = (await host.ContainerAsync()).GetBlobClient("source");
        await source.UploadAsync(Text("0123456789"), Cancel);
        var sas = SasText.Service(host.Key, "b", "things", "source", "r", host.Clock.GetUtcNow().AddHours(1));
        await blob.AppendBlockFromUriAsync(new Uri($"{source.Uri}?{sas}"), new() { SourceRange = new(5, 3) }, Cancel);
        Assert.Equal("567", (await blob.DownloadContentAsync(Cancel)).Value.Content.ToString());
    }

    [Fact]
    public async Task Sas_ThatMayAdd_AppendsAndDoesNothingElse()
    {
        await using var host = await BlobServiceHost.StartAsync();
        var blob = await CreateAsync(host);
        var sas = SasText.Service(host.Key, "b", "things", "log", "a", host.Clock.GetUtcNow().AddHours(1));
        var client = new AppendBlobClient(new Uri($"{blob.Uri}?{sas}"), BlobServiceHost.Options());
        await client.AppendBlockAsync(Text("more"), cancellationToken: Cancel);
        await Refused.AsAsync(403, "AuthorizationPermissionMismatch", () => client.CreateAsync(cancellationToken: Cancel));
        await Refused.AsAsync(403, "AuthorizationPermissionMismatch", () => client.DownloadContentAsync(Cancel));
    }

    private static async Task<AppendBlobClient> CreateAsync(BlobServiceHost host)
    {
        var blob = (await host.ContainerAsync()).GetAppendBlobClient("log");
        await blob.CreateAsync(cancellationToken: Cancel);
        return blob;
    }

    private static MemoryStream Text(string text) => new(Encoding.ASCII.GetBytes(text));
}
