using System.Globalization;
using AzsBackup.Emulator.Blobs.Store;

namespace AzsBackup.Emulator.Blobs.Http;

/// <summary>The lease headers of requests and answers.</summary>
internal static class LeaseHeaders
{
    /// <summary>The lease the request shows; null if none. Ids are GUIDs, in any of their forms.</summary>
    public static string? LeaseId(this BlobRequest request) => GuidHeader(request, "x-ms-lease-id");

    /// <summary>A header that holds a GUID; null if it is absent.</summary>
    public static string? GuidHeader(BlobRequest request, string name)
    {
        if (request.Header(name) is not { } text)
            return null;
        return Guid.TryParse(text, out var id) ? id.ToString("D") : throw BlobErrors.InvalidHeaderValue(name, text);
    }

    /// <summary>A header of whole seconds from a range; null if it is absent.</summary>
    public static int? SecondsHeader(BlobRequest request, string name, int minimum, int maximum)
    {
        if (request.Header(name) is not { } text)
            return null;
        return int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var seconds) && seconds >= minimum && seconds <= maximum
            ? seconds
            : throw BlobErrors.InvalidHeaderValue(name, text);
    }

    /// <summary>x-ms-lease-status, -state and -duration.</summary>
    public static void SetLeaseHeaders(this BlobRequest request, Lease lease)
    {
        var (status, state, duration) = Words(lease);
        request.SetHeader("x-ms-lease-status", status);
        request.SetHeader("x-ms-lease-state", state);
        request.SetHeader("x-ms-lease-duration", duration);
    }

    /// <summary>The state in the words of headers and lists; duration is null unless the lease is held.</summary>
    public static (string Status, string State, string? Duration) Words(Lease lease)
    {
        var (state, isInfinite) = lease.Current;
        var isLocked = state is LeaseState.Leased or LeaseState.Breaking;
        return (isLocked ? "locked" : "unlocked", state.ToString().ToLowerInvariant(), state != LeaseState.Leased ? null : isInfinite ? "infinite" : "fixed");
    }
}
