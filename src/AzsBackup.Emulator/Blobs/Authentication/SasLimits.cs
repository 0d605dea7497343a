using System.Globalization;
using System.Net;
using AzsBackup.Emulator.Blobs.Http;

namespace AzsBackup.Emulator.Blobs.Authentication;

/// <summary>What every SAS may be bound to beside permissions: a time, a protocol, client addresses.</summary>
internal static class SasLimits
{
    /// <summary>Checks st and se as text; null: not given, which only a SAS with a stored policy may do.</summary>
    public static DateTimeOffset? Time(string text) =>
        text.Length == 0 ? null
        : DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time) ? time
        : throw BlobErrors.AuthenticationFailed($"{text} is not a valid date.");

    public static void CheckTime(DateTimeOffset? start, DateTimeOffset? expiry, DateTimeOffset now)
    {
        if (expiry is null)
            throw BlobErrors.AuthenticationFailed("Signature expiry (se) is given neither by the SAS nor by a stored access policy.");
        if (now < start || now >= expiry)
            throw BlobErrors.AuthenticationFailed(string.Create(CultureInfo.InvariantCulture, $"Signature not valid in the specified time frame: Start [{start:R}] - Expiry [{expiry:R}] - Current [{now:R}]"));
    }

    public static void CheckProtocol(string protocol, BlobRequest request)
    {
        if (protocol is not ("" or "https" or "https,http"))
            throw BlobErrors.AuthenticationFailed($"{protocol} is not a valid protocol.");
        if (protocol == "https" && !request.Context.Request.IsHttps)
            throw BlobErrors.AuthorizationProtocolMismatch();
    }

    public static void CheckAddress(string range, BlobRequest request)
    {
        if (range.Length == 0 || request.Context.Connection.RemoteIpAddress is not { } client)
            return;
        var ends = range.Split('-');
        if (!IPAddress.TryParse(ends[0], out var first) || !IPAddress.TryParse(ends[^1], out var last))
            throw BlobErrors.AuthenticationFailed($"{range} is not a valid IP range.");
        var address = client.MapToIPv6().GetAddressBytes();
        if (address.AsSpan().SequenceCompareTo(first.MapToIPv6().GetAddressBytes()) < 0 || address.AsSpan().SequenceCompareTo(last.MapToIPv6().GetAddressBytes()) > 0)
            throw BlobErrors.AuthorizationSourceAddressMismatch();
    }
}
