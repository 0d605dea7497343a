using Azure;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using Xunit;

namespace AzsBackup.Tests.Emulator.Blobs;

/// <summary>What recordings don't reach: changes, breaks and ends of leases, through Azure's own client.</summary>
public sealed class LeaseTests
{
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(15);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Lease_OfABlob_IsWantedByEveryChange()
    {
        await using var host = await BlobServiceHost.StartAsync();
        var blob = await host.PageBlobAsync(4096);
        var lease = blob.GetBlobLeaseClient();
        await lease.AcquireAsync(BlobLeaseClient.InfiniteLeaseDuration, cancellationToken: Cancel);
        Func<Task>[] changes =
        [
            () => blob.CreateAsync(512, cancellationToken: Cancel),
            () => blob.UploadPagesAsync(new MemoryStream(new byte[512]), 0, cancellationToken: Cancel),
            () => blob.ClearPagesAsync(new HttpRange(0, 512), cancellationToken: Cancel),
            () => blob.ResizeAsync(512, cancellationToken: Cancel),
            () => blob.SetMetadataAsync(new Dictionary<string, string> { ["a"] = "b" }, cancellationToken: Cancel),
            () => blob.DeleteAsync(cancellationToken: Cancel),
        ];
        foreach (var change in changes)
            await Refused.AsAsync(412, "LeaseIdMissing", change);

        // Reads and snapshots are free.
        await blob.CreateSnapshotAsync(cancellationToken: Cancel);
        Assert.Equal(LeaseState.Leased, (await blob.GetPropertiesAsync(cancellationToken: Cancel)).Value.LeaseState);
        var withLease = new PageBlobRequestConditions { LeaseId = lease.LeaseId };
        await blob.UploadPagesAsync(new MemoryStream(new byte[512]), 0, new PageBlobUploadPagesOptions { Conditions = withLease }, Cancel);
        await Refused.AsAsync(412, "LeaseIdMismatchWithBlobOperation", () => blob.GetPropertiesAsync(new BlobRequestConditions { LeaseId = Guid.NewGuid().ToString() }, Cancel));
        await lease.ReleaseAsync(cancellationToken: Cancel);
        await Refused.AsAsync(412, "LeaseNotPresentWithBlobOperation", () => blob.ResizeAsync(512, withLease, Cancel));
        await blob.ResizeAsync(512, cancellationToken: Cancel);
    }

    [Fact]
    public async Task Lease_ThatExpired_RenewsUnlessTheBlobWasWritten()
    {
        await using var host = await BlobServiceHost.StartAsync();
        var blob = await host.PageBlobAsync(4096);
        var lease = blob.GetBlobLeaseClient();
        await lease.AcquireAsync(Shortest, cancellationToken: Cancel);
        host.Clock.Ahead += Shortest;
        Assert.Equal(LeaseState.Expired, (await blob.GetPropertiesAsync(cancellationToken: Cancel)).Value.LeaseState);
        await lease.RenewAsync(cancellationToken: Cancel);
        Assert.Equal(LeaseState.Leased, (await blob.GetPropertiesAsync(cancellationToken: Cancel)).Value.LeaseState);
        host.Clock.Ahead += Shortest;
        await blob.ResizeAsync(512, cancellationToken: Cancel);
        await Refused.AsAsync(409, "LeaseIdMismatchWithLeaseOperation", () => lease.RenewAsync(cancellationToken: Cancel));
    }

    [Fact]
    public async Task Break_OfAFiniteLease_EndsItNoLaterThanItself()
    {
        await using var host = await BlobServiceHost.StartAsync();
        var container = await host.ContainerAsync();
        var lease = container.GetBlobLeaseClient();
        await lease.AcquireAsync(Shortest, cancellationToken: Cancel);
        Assert.InRange((await lease.BreakAsync(TimeSpan.FromSeconds(60), cancellationToken: Cancel)).Value.LeaseTime!.Value, 1, 15);
        await Refused.AsAsync(409, "LeaseIsBreakingAndCannotBeChanged", () => lease.ChangeAsync(Guid.NewGuid().ToString(), cancellationToken: Cancel));
        await Refused.AsAsync(409, "LeaseIsBrokenAndCannotBeRenewed", () => lease.RenewAsync(cancellationToken: Cancel));
        await Refused.AsAsync(412, "LeaseIdMissing", () => container.DeleteAsync(cancellationToken: Cancel));
        host.Clock.Ahead += Shortest;
        Assert.Equal(LeaseState.Broken, (await container.GetPropertiesAsync(cancellationToken: Cancel)).Value.LeaseState);
        await container.GetBlobLeaseClient().AcquireAsync(Shortest, cancellationToken: Cancel);
    }
}
