using System.Text.Json;
using System.Xml;
using AzsBackup.Azure.Blobs;
using AzsBackup.Azure.Transport;
using AzsBackup.Model;
using Azure;

namespace AzsBackup.Azure.Vaults;

/// <summary>
/// The failures of a vault in a container, in the user's words. Never with the SDK's exception as the cause: its text quotes
/// the service's whole answer, which may quote the request's.
/// </summary>
internal static class BlobStoreErrors
{
    private const string Unreachable = "StackUnreachable";
    private const string Throttled = "RequestsThrottled";

    /// <summary>Whether an exception is one to explain, not a cancellation, nor a defect, nor explained already.</summary>
    public static bool IsOne(Exception exception, CancellationToken cancellationToken) =>
        BlobFailure.IsOne(exception, cancellationToken) || exception is AzsException { ErrorId: Unreachable or Throttled };

    /// <summary>The failure of reading, listing or creating.</summary>
    /// <param name="exception">What happened.</param>
    /// <param name="address">The container.</param>
    /// <param name="now">The time (UTC), where the service does not tell its own.</param>
    public static AzsException Explain(Exception exception, ContainerAddress address, DateTimeOffset now)
    {
        var location = address.Location;
        if (NetworkFailure.Find<RequestFailedException>(exception) is { Status: > 0 } refused)
        {
            var answered = refused.GetRawResponse()?.Headers.Date ?? now;
            return refused.Status is 401 or 403 && address.ExpiresOn is { } end && end <= answered ? Expired(location, end) : Refused(refused, location);
        }

        if (exception is XmlException or JsonException)
        {
            return new AzsException(
                AzsErrorKind.StorageFailed, "ReplyMalformed", $"'{location}' answered with something that is not {(exception is XmlException ? "XML" : "JSON")}, which it said it was.",
                "Check that the URI is that of a blob container, and that no proxy on the way changes answers.", location);
        }

        var failure = NetworkFailure.Explain(exception, new Uri(location));
        if (failure.ErrorId == Throttled)
        {
            return new AzsException(
                AzsErrorKind.LimitExceeded, "VaultThrottled", $"'{location}': {failure.Message}", "Try again later, or run fewer transfers at once.", location);
        }

        return failure.ErrorId != Unreachable ? failure : new AzsException(
            AzsErrorKind.ConnectionFailed, "VaultUnreachable", failure.Message,
            "Check the container's URI, name resolution and the network path to its storage account, then try again.", location, failure.InnerException);
    }

    /// <summary>The failure of deleting.</summary>
    public static AzsException ExplainDeletion(Exception exception, string name, ContainerAddress address, DateTimeOffset now)
    {
        var location = address.Location;
        var explained = Explain(exception, address, now);
        if (explained.ErrorId == "VaultSasExpired" || NetworkFailure.Find<RequestFailedException>(exception) is not { } refused || !ForbidsDeletion(refused))
            return explained;
        return new AzsException(
            AzsErrorKind.PermissionDenied, "VaultDeletionRefused",
            $"'{name}' can't be deleted from '{location}': the blob service answered HTTP {refused.Status} {refused.ErrorCode}.",
            "To remove something, open the vault with a SAS that may delete; objects under an immutability policy stay until it ends.", name);
    }

    /// <summary>A body broke off more often than is worth trying.</summary>
    public static AzsException Broken(string name, string location) => new(
        AzsErrorKind.ConnectionFailed, "TransferBroken", $"Reading '{name}' from '{location}' broke off {BlobGateway.LongestPatience + 1} times.",
        "Check the network path to the vault's storage account, then run the command again.", name);

    private static AzsException Expired(string location, DateTimeOffset end) => new(
        AzsErrorKind.PermissionDenied, "VaultSasExpired", $"The SAS of '{location}' expired at {end:u}.",
        "Open the vault again with a new SAS, one that outlives the longest run; what was stored so far is used by the next run.", location);

    private static bool ForbidsDeletion(RequestFailedException refused) =>
        refused.Status is 401 or 403 || refused.ErrorCode is "BlobImmutableDueToPolicy" or "BlobImmutableDueToLegalHold";

    private static AzsException Refused(RequestFailedException refused, string location)
    {
        string answer = $"the blob service answered HTTP {refused.Status} {refused.ErrorCode}".TrimEnd();
        (AzsErrorKind kind, string id, string next) = refused.Status switch
        {
            401 or 403 => (AzsErrorKind.PermissionDenied, "VaultAccessRefused",
                "Open the vault again with a SAS (or key) of this container that has not expired and may read, list and create."),
            404 when refused.ErrorCode == "ContainerNotFound" => (AzsErrorKind.NotFound, "VaultContainerNotFound",
                "Check the URI, or make the container first: a SAS can't."),
            400 when refused.ErrorCode is "InvalidHeaderValue" or "UnsupportedHeader" => (AzsErrorKind.NotSupported, "BlobVersionRefused",
                $"Use a storage service that knows version {BlobVersion.Default} of the blob protocol."),
            408 => (AzsErrorKind.TimedOut, "VaultTimedOut", "Try again later."),
            429 or 503 => (AzsErrorKind.LimitExceeded, "VaultThrottled", "Try again later, or run fewer transfers at once."),
            507 => (AzsErrorKind.StorageFailed, "VaultStorageFull", "Free space in the storage account, or choose another for the vault."),
            _ => (AzsErrorKind.StorageFailed, "VaultStorageFailed", "Try again; if it goes on, ask whoever runs the vault's storage account."),
        };
        return new AzsException(kind, id, $"'{location}': {answer}.", next, location);
    }
}
