using System.Net;
using System.Text.RegularExpressions;
using Azure.Storage.Blobs.Specialized;
using Xunit;

namespace AzsBackup.Tests.Emulator.Blobs;

public sealed class GrantTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Grant_Read_OpensTheVolumeForReadingOnly()
    {
        await using var host = await BlobServiceHost.StartAsync();
        using var disk = host.Pages.Create(1 << 20);
        disk.Write(4096, Enumerable.Repeat((byte)9, 512).ToArray());
        using var snapshot = disk.Snapshot();
        disk.Clear(0, 1 << 20);

        var uri = host.Service.Grant(snapshot, host.Root, TimeSpan.FromHours(1), "r");
        Assert.Matches(new Regex(@"^http://127\.0\.0\.1:\d+/md-[a-z0-9]{12}/[a-z0-9]{12}/abcd\?sv=2018-03-28&sr=b&si=[0-9a-f-]{36}&sig=[A-Za-z0-9%]+$"), uri.AbsoluteUri);

        // A client that knows nothing but the URI and HTTP.
        var plain = await host.Http.GetAsync(uri, Cancel);
        Assert.Equal(HttpStatusCode.OK, plain.StatusCode);
        Assert.Equal(9, (await plain.Content.ReadAsByteArrayAsync(Cancel))[4096]);

        var blob = new PageBlobClient(uri, BlobServiceHost.Options());
        Assert.Equal(1 << 20, (await blob.GetPropertiesAsync(cancellationToken: Cancel)).Value.ContentLength);
        var ranges = (await blob.GetPageRangesAsync(cancellationToken: Cancel)).Value.PageRanges;
        Assert.Equal((4096L, 512L), (ranges.Single().Offset, ranges.Single().Length!.Value));
        await Refused.AsAsync(403, "AuthorizationPermissionMismatch", () => blob.UploadPagesAsync(new MemoryStream(new byte[512]), 0, cancellationToken: Cancel));
        await Refused.AsAsync(403, "AuthorizationPermissionMismatch", () => blob.DeleteAsync(cancellationToken: Cancel));
        await Refused.AsAsync(403, "AuthorizationPermissionMismatch", () => blob.CreateSnapshotAsync(cancellationToken: Cancel));
    }

    [Fact]
    public async Task Grant_ReadWrite_TakesPages()
    {
        await using var host = await BlobServiceHost.StartAsync();
        using var disk = host.Pages.Create(4096);
        var blob = new PageBlobClient(host.Service.Grant(disk, host.Root, TimeSpan.FromHours(1), "rw"), BlobServiceHost.Options());
        await blob.UploadPagesAsync(new MemoryStream(Enumerable.Repeat((byte)3, 512).ToArray()), 512, cancellationToken: Cancel);
        var bytes = new byte[512];
        disk.Read(512, bytes);
        Assert.Equal(3, bytes[511]);
    }

    [Fact]
    public async Task Grant_ExpiredOrRevoked_FailsAuthentication()
    {
        await using var host = await BlobServiceHost.StartAsync();
        using var disk = host.Pages.Create(4096);
        var revoked = host.Service.Grant(disk, host.Root, TimeSpan.FromHours(1), "r");
        var expired = host.Service.Grant(disk, host.Root, TimeSpan.FromMinutes(1), "r");
        await new PageBlobClient(revoked, BlobServiceHost.Options()).DownloadContentAsync(Cancel);
        await new PageBlobClient(expired, BlobServiceHost.Options()).DownloadContentAsync(Cancel);

        Assert.True(host.Service.Revoke(revoked));
        Assert.False(host.Service.Revoke(revoked));
        host.Clock.Ahead = TimeSpan.FromMinutes(2);
        await Refused.AsAsync(403, "AuthenticationFailed", () => new PageBlobClient(revoked, BlobServiceHost.Options()).DownloadContentAsync(Cancel));
        await Refused.AsAsync(403, "AuthenticationFailed", () => new PageBlobClient(expired, BlobServiceHost.Options()).DownloadContentAsync(Cancel));
        disk.Read(0, new byte[512]);
    }

    [Fact]
    public async Task Diff_AgainstAnEarlierExport_TellsWhatWasWrittenAndCleared()
    {
        await using var host = await BlobServiceHost.StartAsync();
        using var disk = host.Pages.Create(1 << 20);
        disk.Write(0, new byte[4096]);
        using var first = disk.Snapshot();
        disk.Write(8192, new byte[512]);
        disk.Clear(0, 512);
        using var second = disk.Snapshot();
        var earlier = host.Service.Grant(first, host.Root, TimeSpan.FromHours(1), "r");
        var later = new PageBlobClient(host.Service.Grant(second, host.Root, TimeSpan.FromHours(1), "r"), BlobServiceHost.Options());

        var diff = (await later.GetManagedDiskPageRangesDiffAsync(previousSnapshotUri: earlier, cancellationToken: Cancel)).Value;
        Assert.Equal([(8192L, 512L)], diff.PageRanges.Select(r => (r.Offset, r.Length!.Value)));
        Assert.Equal([(0L, 512L)], diff.ClearRanges.Select(r => (r.Offset, r.Length!.Value)));

        var backwards = new PageBlobClient(earlier, BlobServiceHost.Options());
        await Refused.AsAsync(409, "BlobOverwritten", () => backwards.GetManagedDiskPageRangesDiffAsync(previousSnapshotUri: later.Uri, cancellationToken: Cancel));
        host.Service.Revoke(earlier);
        await Refused.AsAsync(404, "ResourceNotFound", () => later.GetManagedDiskPageRangesDiffAsync(previousSnapshotUri: earlier, cancellationToken: Cancel));
        var blob = await host.PageBlobAsync(512);
        await Refused.AsAsync(400, "InvalidHeaderValue", () => blob.GetManagedDiskPageRangesDiffAsync(previousSnapshotUri: later.Uri, cancellationToken: Cancel));
    }
}
