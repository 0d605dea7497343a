using System.Globalization;
using AzsBackup.Emulator.Blobs.Http;
using AzsBackup.Emulator.Blobs.Store;

namespace AzsBackup.Emulator.Blobs.Operations;

/// <summary>Lease Blob and Lease Container. Neither changes ETag or time of what is leased.</summary>
internal static class LeaseOperations
{
    public static Task LeaseBlobAsync(BlobRequest request)
    {
        var conditions = new Conditions(request);
        request.Container().Change(request.Address.Blob, slot =>
        {
            var blob = slot.Find(null);
            conditions.CheckChange(blob.Properties);
            Act(request, slot.Lease, blob.Properties);
            return true;
        });
        return Task.CompletedTask;
    }

    public static Task LeaseContainerAsync(BlobRequest request)
    {
        var container = request.Container();
        container.ChangeSelf(() =>
        {
            new Conditions(request).CheckChange(container.Properties);
            Act(request, container.Lease, container.Properties);
        });
        return Task.CompletedTask;
    }

    private static void Act(BlobRequest request, Lease lease, BlobProperties properties)
    {
        const string Action = "x-ms-lease-action";
        var action = request.Header(Action) ?? throw BlobErrors.MissingRequiredHeader(Action);
        var status = StatusCodes.Status200OK;
        switch (action.ToLowerInvariant())
        {
            case "acquire":
                var acquired = LeaseHeaders.GuidHeader(request, "x-ms-proposed-lease-id") ?? Guid.NewGuid().ToString("D");
                lease.Acquire(acquired, Duration(request));
                request.SetHeader("x-ms-lease-id", acquired);
                status = StatusCodes.Status201Created;
                break;
            case "renew":
                lease.Renew(Required(request, "x-ms-lease-id"));
                request.SetHeader("x-ms-lease-id", request.LeaseId());
                break;
            case "change":
                var proposed = Required(request, "x-ms-proposed-lease-id");
                lease.Change(Required(request, "x-ms-lease-id"), proposed);
                request.SetHeader("x-ms-lease-id", proposed);
                break;
            case "release":
                lease.Release(Required(request, "x-ms-lease-id"));
                break;
            case "break":
                var period = LeaseHeaders.SecondsHeader(request, "x-ms-lease-break-period", 0, 60);
                var left = lease.Break(period is { } seconds ? TimeSpan.FromSeconds(seconds) : null);
                request.SetHeader("x-ms-lease-time", Math.Ceiling(left.TotalSeconds).ToString(CultureInfo.InvariantCulture));
                status = StatusCodes.Status202Accepted;
                break;
            default:
                throw BlobErrors.InvalidHeaderValue(Action, action);
        }

        request.SetVersionHeaders(properties);
        request.Answer(status);
    }

    /// <summary>15 to 60 seconds; -1 is without end.</summary>
    private static TimeSpan? Duration(BlobRequest request)
    {
        const string Name = "x-ms-lease-duration";
        var seconds = LeaseHeaders.SecondsHeader(request, Name, -1, 60) ?? throw BlobErrors.MissingRequiredHeader(Name);
        if (seconds is > -1 and < 15)
            throw BlobErrors.InvalidHeaderValue(Name, request.Header(Name)!);
        return seconds < 0 ? null : TimeSpan.FromSeconds(seconds);
    }

    private static string Required(BlobRequest request, string name) => LeaseHeaders.GuidHeader(request, name) ?? throw BlobErrors.MissingRequiredHeader(name);
}
