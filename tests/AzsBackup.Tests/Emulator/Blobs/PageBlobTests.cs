using System.Net;
using System.Security.Cryptography;
using Azure;
using Azure.Storage;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using Xunit;

namespace AzsBackup.Tests.Emulator.Blobs;

public sealed class PageBlobTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task PutPage_UpdateAndClear_ReadsBackWithRanges()
    {
        await using var host = await BlobServiceHost.StartAsync();
        const int Length = (16 << 20) + 512;
        var blob = await host.PageBlobAsync(Length);
        var data = new byte[4 << 20];
        new Random(1).NextBytes(data);
        await blob.UploadPagesAsync(new MemoryStream(data), 0, cancellationToken: Cancel);
        await blob.UploadPagesAsync(new MemoryStream(data, 0, 512), Length - 512, cancellationToken: Cancel);
        await blob.ClearPagesAsync(new HttpRange(512, 1024), cancellationToken: Cancel);

        var whole = (await blob.DownloadContentAsync(Cancel)).Value.Content.ToArray();
        var expected = new byte[Length];
        data.CopyTo(expected, 0);
        expected.AsSpan(512, 1024).Clear();
        data.AsSpan(0, 512).CopyTo(expected.AsSpan(Length - 512));
        Assert.True(expected.AsSpan().SequenceEqual(whole));
        Assert.Equal([(0, 512), (1536, (4 << 20) - 1536), (Length - 512, 512)], await RangesAsync(blob));
        var part = (await blob.GetPageRangesAsync(new HttpRange(256, 2048), cancellationToken: Cancel)).Value.PageRanges;
        Assert.Equal([(256, 256), (1536, 768)], part.Select(r => (r.Offset, r.Length!.Value)));
    }

    [Fact]
    public async Task Get_Ranges_AnswersAsTheServiceDoes()
    {
        await using var host = await BlobServiceHost.StartAsync();
        var blob = await host.PageBlobAsync(2048);
        var pages = new byte[2048];
        new Random(2).NextBytes(pages);
        await blob.UploadPagesAsync(new MemoryStream(pages), 0, cancellationToken: Cancel);

        async Task<HttpResponseMessage> GetAsync(string range, string header = "x-ms-range")
        {
            var sas = SasText.Service(host.Key, "b", "things", "disk.vhd", "r", host.Clock.GetUtcNow().AddHours(1));
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(blob.Uri + "?" + sas));
            request.Headers.TryAddWithoutValidation(header, range);
            request.Headers.Add("x-ms-range-get-content-md5", range.EndsWith("99", StringComparison.Ordinal) ? "true" : "false");
            return await host.Http.SendAsync(request, Cancel);
        }

        var partial = await GetAsync("bytes=100-199");
        Assert.Equal(HttpStatusCode.PartialContent, partial.StatusCode);
        Assert.Equal("bytes 100-199/2048", partial.Content.Headers.ContentRange!.ToString());
        Assert.Equal(pages[100..200], await partial.Content.ReadAsByteArrayAsync(Cancel));
        Assert.Equal(CryptographicOperations.HashData(HashAlgorithmName.MD5, pages.AsSpan(100, 100)), partial.Content.Headers.ContentMD5);

        var open = await GetAsync("bytes=2000-", "Range");
        Assert.Equal("bytes 2000-2047/2048", open.Content.Headers.ContentRange!.ToString());
        Assert.Equal(48, (await open.Content.ReadAsByteArrayAsync(Cancel)).Length);

        var beyond = await GetAsync("bytes=1024-5000");
        Assert.Equal("bytes 1024-2047/2048", beyond.Content.Headers.ContentRange!.ToString());

        var behind = await GetAsync("bytes=2048-2050");
        Assert.Equal(HttpStatusCode.RequestedRangeNotSatisfiable, behind.StatusCode);
        Assert.Equal("InvalidRange", behind.Headers.GetValues("x-ms-error-code").Single());
        Assert.Equal("bytes */2048", behind.Content.Headers.ContentRange!.ToString());
        Assert.False(behind.Headers.Contains("x-ms-blob-type"));
    }

    [Fact]
    public async Task PutPage_WhatTheServiceRefuses_ChangesNothing()
    {
        await using var host = await BlobServiceHost.StartAsync();
        var blob = await host.PageBlobAsync(16 << 20);
        var tag = (await blob.GetPropertiesAsync(cancellationToken: Cancel)).Value.ETag;

        await Refused.AsAsync(413, "RequestBodyTooLarge", () => PutAsync(host, blob, "bytes=0-4194815", new byte[(4 << 20) + 512]));
        await Refused.AsAsync(416, "InvalidPageRange", () => PutAsync(host, blob, "bytes=256-767", new byte[512]));
        await Refused.AsAsync(416, "InvalidPageRange", () => PutAsync(host, blob, "bytes=0-99", new byte[100]));
        await Refused.AsAsync(416, "InvalidPageRange", () => PutAsync(host, blob, "bytes=16777216-16777727", new byte[512]));
        await Refused.AsAsync(400, "InvalidHeaderValue", () => PutAsync(host, blob, "bytes=0-1023", new byte[512]));
        await Refused.AsAsync(400, "Md5Mismatch", () => blob.UploadPagesAsync(new MemoryStream(new byte[512]), 0, new PageBlobUploadPagesOptions { TransferValidation = new() { ChecksumAlgorithm = StorageChecksumAlgorithm.MD5, PrecalculatedChecksum = new byte[16] } }, Cancel));
        await Refused.AsAsync(412, "ConditionNotMet", () => blob.UploadPagesAsync(new MemoryStream(new byte[512]), 0, new PageBlobUploadPagesOptions { Conditions = new() { IfMatch = new ETag("\"0x1\"") } }, Cancel));
        await Refused.AsAsync(412, "SequenceNumberConditionNotMet", () => blob.UploadPagesAsync(new MemoryStream(new byte[512]), 0, new PageBlobUploadPagesOptions { Conditions = new() { IfSequenceNumberLessThan = 0 } }, Cancel));

        Assert.Equal(tag, (await blob.GetPropertiesAsync(cancellationToken: Cancel)).Value.ETag);
        Assert.Empty(await RangesAsync(blob));
    }

    [Fact]
    public async Task PutPage_WithMd5_IsConfirmed()
    {
        await using var host = await BlobServiceHost.StartAsync();
        var blob = await host.PageBlobAsync(1024);
        var info = await blob.UploadPagesAsync(new MemoryStream(new byte[512]), 0, new PageBlobUploadPagesOptions { TransferValidation = new() { ChecksumAlgorithm = StorageChecksumAlgorithm.MD5 } }, Cancel);
        Assert.Equal(CryptographicOperations.HashData(HashAlgorithmName.MD5, new byte[512]), info.Value.ContentHash);
        Assert.Equal(0, info.Value.BlobSequenceNumber);
    }

    [Fact]
    public async Task Create_Conditions_AreObeyed()
    {
        await using var host = await BlobServiceHost.StartAsync();
        var blob = await host.PageBlobAsync(1024);
        var other = (await host.ContainerAsync()).GetPageBlobClient("other");
        await Refused.AsAsync(409, "BlobAlreadyExists", () => blob.CreateAsync(1024, conditions: new() { IfNoneMatch = ETag.All }, cancellationToken: Cancel));
        await Refused.AsAsync(400, "InvalidHeaderValue", () => other.CreateAsync(1000, cancellationToken: Cancel));
        await Refused.AsAsync(400, "InvalidHeaderValue", () => other.CreateAsync((1L << 40) + 512, cancellationToken: Cancel));
        await Refused.AsAsync(404, "ContainerNotFound", () => host.Client().GetBlobContainerClient("absent").GetPageBlobClient("x").CreateAsync(512, cancellationToken: Cancel));
        Assert.False(await other.ExistsAsync(Cancel));
    }

    [Fact]
    public async Task Snapshot_KeepsWhatWas_AndDiffTellsTheRest()
    {
        await using var host = await BlobServiceHost.StartAsync();
        var blob = await host.PageBlobAsync(1 << 20);
        var page = Enumerable.Repeat((byte)1, 4096).ToArray();
        await blob.UploadPagesAsync(new MemoryStream(page), 0, cancellationToken: Cancel);
        var first = (await blob.CreateSnapshotAsync(cancellationToken: Cancel)).Value.Snapshot;
        await blob.UploadPagesAsync(new MemoryStream(page), 8192, cancellationToken: Cancel);
        await blob.ClearPagesAsync(new HttpRange(0, 4096), cancellationToken: Cancel);
        var second = (await blob.CreateSnapshotAsync(cancellationToken: Cancel)).Value.Snapshot;
        Assert.True(string.CompareOrdinal(first, second) < 0);

        Assert.Equal([(0, 4096)], await RangesAsync(blob.WithSnapshot(first)));
        Assert.Equal(1, (await blob.WithSnapshot(first).DownloadContentAsync(Cancel)).Value.Content.ToArray()[0]);
        var difference = (await blob.WithSnapshot(second).GetPageRangesDiffAsync(previousSnapshot: first, cancellationToken: Cancel)).Value;
        Assert.Equal([(8192, 4096)], difference.PageRanges.Select(r => (r.Offset, r.Length!.Value)));
        Assert.Equal([(0, 4096)], difference.ClearRanges.Select(r => (r.Offset, r.Length!.Value)));
        await Refused.AsAsync(400, "PreviousSnapshotCannotBeNewer", () => blob.WithSnapshot(first).GetPageRangesDiffAsync(previousSnapshot: second, cancellationToken: Cancel));
        await Refused.AsAsync(409, "PreviousSnapshotNotFound", () => blob.GetPageRangesDiffAsync(previousSnapshot: "2020-01-01T00:00:00.0000000Z", cancellationToken: Cancel));

        await Refused.AsAsync(409, "SnapshotsPresent", () => blob.DeleteAsync(cancellationToken: Cancel));
        await blob.WithSnapshot(second).DeleteAsync(cancellationToken: Cancel);
        await Refused.AsAsync(404, "BlobNotFound", () => blob.WithSnapshot(second).DownloadContentAsync(Cancel));
        await blob.DeleteAsync(DeleteSnapshotsOption.OnlySnapshots, cancellationToken: Cancel);
        await blob.CreateSnapshotAsync(cancellationToken: Cancel);
        await blob.DeleteAsync(DeleteSnapshotsOption.IncludeSnapshots, cancellationToken: Cancel);
        Assert.False(await blob.ExistsAsync(Cancel));
        Assert.Empty(Directory.GetFiles(Path.Combine(host.Directory, "pages")));
    }

    [Fact]
    public async Task Diff_AfterTheBlobWasPutAnew_IsRefused()
    {
        await using var host = await BlobServiceHost.StartAsync();
        var blob = await host.PageBlobAsync(1024);
        var snapshot = (await blob.CreateSnapshotAsync(cancellationToken: Cancel)).Value.Snapshot;
        await blob.CreateAsync(1024, cancellationToken: Cancel);
        await Refused.AsAsync(409, "BlobOverwritten", () => blob.GetPageRangesDiffAsync(previousSnapshot: snapshot, cancellationToken: Cancel));
    }

    [Fact]
    public async Task Properties_ResizeSequenceNumberMetadataHeaders_AreKept()
    {
        await using var host = await BlobServiceHost.StartAsync();
        var blob = await host.PageBlobAsync(1024);
        await blob.ResizeAsync(1L << 40, cancellationToken: Cancel);
        await blob.UpdateSequenceNumberAsync(SequenceNumberAction.Update, 6, cancellationToken: Cancel);
        await blob.UpdateSequenceNumberAsync(SequenceNumberAction.Max, 3, cancellationToken: Cancel);
        await blob.UpdateSequenceNumberAsync(SequenceNumberAction.Increment, cancellationToken: Cancel);
        await blob.SetMetadataAsync(new Dictionary<string, string> { ["Owner"] = "one", ["b"] = "two" }, cancellationToken: Cancel);
        var set = await blob.SetHttpHeadersAsync(new BlobHttpHeaders { ContentType = "application/x-vhd", CacheControl = "no-store" }, cancellationToken: Cancel);

        var properties = (await blob.GetPropertiesAsync(cancellationToken: Cancel)).Value;
        Assert.Equal((1L << 40, 7L, BlobType.Page), (properties.ContentLength, properties.BlobSequenceNumber, properties.BlobType));
        Assert.Equal(("application/x-vhd", "no-store"), (properties.ContentType, properties.CacheControl));
        Assert.Equal(new Dictionary<string, string> { ["Owner"] = "one", ["b"] = "two" }, properties.Metadata);
        Assert.Equal(set.Value.ETag, properties.ETag);
        Assert.Equal(LeaseState.Available, properties.LeaseState);
    }

    [Fact]
    public async Task Get_Conditions_AreObeyed()
    {
        await using var host = await BlobServiceHost.StartAsync();
        var blob = await host.PageBlobAsync(1024);
        var properties = (await blob.GetPropertiesAsync(cancellationToken: Cancel)).Value;
        await blob.DownloadContentAsync(new BlobDownloadOptions { Conditions = new() { IfMatch = properties.ETag, IfUnmodifiedSince = properties.LastModified } }, Cancel);
        await Refused.AsAsync(412, "ConditionNotMet", () => blob.DownloadContentAsync(new BlobDownloadOptions { Conditions = new() { IfMatch = new ETag("0x1") } }, Cancel));
        await Refused.AsAsync(412, "ConditionNotMet", () => blob.DownloadContentAsync(new BlobDownloadOptions { Conditions = new() { IfUnmodifiedSince = properties.LastModified.AddSeconds(-1) } }, Cancel));
        Assert.Equal(304, (await blob.DownloadContentAsync(new BlobDownloadOptions { Conditions = new() { IfNoneMatch = properties.ETag } }, Cancel)).GetRawResponse().Status);
        Assert.Equal(304, (await blob.DownloadContentAsync(new BlobDownloadOptions { Conditions = new() { IfModifiedSince = properties.LastModified } }, Cancel)).GetRawResponse().Status);
    }

    [Fact]
    public async Task FindPageBlob_AndCreatePageBlob_ShareBytesWithHttp()
    {
        await using var host = await BlobServiceHost.StartAsync();
        var made = host.Service.CreatePageBlob(BlobServiceHost.Account, "vhds", "os.vhd", 4096);
        made.Write(512, Enumerable.Repeat((byte)5, 512).ToArray());
        var blob = host.Client().GetBlobContainerClient("vhds").GetPageBlobClient("os.vhd");
        Assert.Equal(5, (await blob.DownloadContentAsync(Cancel)).Value.Content.ToArray()[512]);
        Assert.Same(made, host.Service.FindPageBlob(BlobServiceHost.Account, "vhds", "os.vhd"));
        Assert.Null(host.Service.FindPageBlob(BlobServiceHost.Account, "vhds", "absent"));
        Assert.Null(host.Service.FindPageBlob("absent", "vhds", "os.vhd"));
        Assert.Throws<InvalidOperationException>(() => host.Service.CreatePageBlob(BlobServiceHost.Account, "vhds", "os.vhd", 4096));
    }

    private static async Task<List<(long Offset, long Length)>> RangesAsync(PageBlobClient blob) =>
        [.. (await blob.GetPageRangesAsync(cancellationToken: Cancel)).Value.PageRanges.Select(r => (r.Offset, r.Length!.Value))];

    /// <summary>Put Page as no SDK would send it.</summary>
    private static async Task PutAsync(BlobServiceHost host, PageBlobClient blob, string range, byte[] body)
    {
        var sas = SasText.Service(host.Key, "b", "things", "disk.vhd", "rw", host.Clock.GetUtcNow().AddHours(1));
        using var request = new HttpRequestMessage(HttpMethod.Put, new Uri($"{blob.Uri}?comp=page&{sas}")) { Content = new ByteArrayContent(body) };
        request.Headers.Add("x-ms-page-write", "update");
        request.Headers.Add("x-ms-range", range);
        request.Headers.ExpectContinue = true;
        var answer = await host.Http.SendAsync(request, Cancel);
        if (!answer.IsSuccessStatusCode)
            throw new RequestFailedException((int)answer.StatusCode, await answer.Content.ReadAsStringAsync(Cancel), answer.Headers.GetValues("x-ms-error-code").Single(), null);
    }
}
