using AzsBackup.Tests.Emulator.Blobs;
using AzsBackup.Tests.Emulator.Hosting;
using Azure;
using Azure.Storage.Blobs.Models;
using Xunit;

namespace AzsBackup.Tests.Emulator.Faults;

/// <summary>SAS that expire in mid-transfer, and page range differences that are refused or lie.</summary>
public sealed class TransferFaultTests
{
    private static CancellationToken Cancel => StackHost.Cancel;

    [Fact]
    public async Task ExpireSas_InMidTransfer_FailsFromThereOn_AndANewOneOpens()
    {
        await using StackHost host = await StackHost.StartAsync();
        await host.MakeGroupAsync("rg");
        string disk = await host.MakeDiskAsync("rg", "d1");
        string sas = await host.GrantAsync(disk);
        await host.AddFaultsAsync("""{"operation":"GetBlob","expireSas":true,"after":2,"count":1}""");
        Assert.Equal(206, (await host.ReadAsync(sas, 0, 511)).Status);
        Assert.Equal(206, (await host.ReadAsync(sas, 512, 1023)).Status);
        HttpResponseMessage struck = await host.SendUrlAsync(HttpMethod.Get, sas, null, ("x-ms-version", "2019-07-07"));
        Assert.Equal((403, "AuthenticationFailed"), ((int)struck.StatusCode, struck.Headers.GetValues("x-ms-error-code").Single()));
        Assert.Contains("Signature not valid in the specified time frame", await struck.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
        Assert.Equal(403, (await host.ReadAsync(sas, 0, 511)).Status);
        Assert.Equal("Unattached", (await host.GetAsync(disk, StackHost.Disks))["properties"]!["diskState"]!.GetValue<string>());
        string renewed = await host.GrantAsync(disk);
        Assert.NotEqual(sas, renewed);
        Assert.Equal(206, (await host.ReadAsync(renewed, 0, 511)).Status);
    }

    [Fact]
    public async Task Diff_Unsupported_IsRefused_AndTheFullListIsNot()
    {
        await using StorageFixture storage = await StorageFixture.StartAsync();
        string snapshot = (await storage.Blob.CreateSnapshotAsync(cancellationToken: Cancel)).Value.Snapshot;
        await storage.Host.AddFaultsAsync("""{"route":".","diff":"unsupported"}""");
        await Refused.AsAsync(400, "UnsupportedQueryParameter", () => storage.Blob.GetPageRangesDiffAsync(previousSnapshot: snapshot, cancellationToken: Cancel));
        await storage.Blob.GetPageRangesAsync(cancellationToken: Cancel);
    }

    [Theory]
    [InlineData(0.25, 8, 6)]
    [InlineData(0.01, 8, 7)]
    [InlineData(1, 8, 0)]
    public async Task Diff_ThatLies_LeavesOutTheShareOfItsRanges_TheSameEachRun(double share, int changed, int told)
    {
        List<HttpRange>[] answers = new List<HttpRange>[2];
        for (int run = 0; run < 2; run++)
        {
            await using StorageFixture storage = await StorageFixture.StartAsync();
            string snapshot = (await storage.Blob.CreateSnapshotAsync(cancellationToken: Cancel)).Value.Snapshot;
            for (int i = 0; i < changed; i++)
                await storage.Blob.UploadPagesAsync(new MemoryStream(new byte[512]), i * 4096, cancellationToken: Cancel);
            await storage.Host.AddFaultsAsync($$"""{"operation":"GetPageRangesDiff","omitShare":{{share.ToString(System.Globalization.CultureInfo.InvariantCulture)}},"seed":3}""");
            PageRangesInfo lie = await storage.Blob.GetPageRangesDiffAsync(previousSnapshot: snapshot, cancellationToken: Cancel);
            answers[run] = [.. lie.PageRanges];
            await storage.Host.ControlAsync(HttpMethod.Delete, "/faults");
            PageRangesInfo truth = await storage.Blob.GetPageRangesDiffAsync(previousSnapshot: snapshot, cancellationToken: Cancel);
            Assert.Equal(changed, truth.PageRanges.Count());
            Assert.Equal(truth.PageRanges.Where(answers[run].Contains), answers[run]);
        }

        Assert.Equal(told, answers[0].Count);
        Assert.Equal(answers[0], answers[1]);
    }
}
