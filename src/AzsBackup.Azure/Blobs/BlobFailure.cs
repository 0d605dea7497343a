using System.Text.Json;
using System.Xml;
using AzsBackup.Azure.Transport;
using AzsBackup.Model;
using Azure;

namespace AzsBackup.Azure.Blobs;

/// <summary>
/// Puts the blob service's errors in the user's words. URIs lose their query, which may be a signature; the SDK's exception
/// is not kept as the cause, because its text quotes the service's whole answer.
/// </summary>
internal static class BlobFailure
{
    /// <summary>The status the service answered with; 0 if the exception is not an answer.</summary>
    public static int StatusOf(Exception exception) => NetworkFailure.Find<RequestFailedException>(exception)?.Status ?? 0;

    /// <summary>Whether an exception is one to explain, not a cancellation nor a defect.</summary>
    public static bool IsOne(Exception exception, CancellationToken cancellationToken) =>
        StatusOf(exception) != 0 || exception is XmlException or JsonException || NetworkFailure.IsOne(exception, cancellationToken)
        || (exception is not AzsException && NetworkFailure.Find<AzsException>(exception) is not null);

    /// <summary>The failure as the user should see it.</summary>
    public static AzsException Explain(Exception exception, Uri uri)
    {
        if (NetworkFailure.Find<AzsException>(exception) is { } known) return known;
        if (exception is XmlException or JsonException)
        {
            return new AzsException(
                AzsErrorKind.StorageFailed,
                "ReplyMalformed",
                $"{uri.GetLeftPart(UriPartial.Path)}: the blob service answered with something that is not {(exception is XmlException ? "XML" : "JSON")}, which it said it was.",
                "Check that no proxy between here and the stack changes answers.",
                uri.GetLeftPart(UriPartial.Path));
        }

        if (NetworkFailure.Find<RequestFailedException>(exception) is not { Status: > 0 } refused) return NetworkFailure.Explain(exception, uri);

        var blob = uri.GetLeftPart(UriPartial.Path);
        var (kind, id, next) = Classify(refused);
        return new AzsException(kind, id, $"{blob}: the blob service answered HTTP {refused.Status} {refused.ErrorCode}".TrimEnd() + ".", next, blob);
    }

    /// <summary>Runs a request and explains its failure.</summary>
    public static async Task<T> GuardAsync<T>(Uri uri, Func<Task<T>> request, CancellationToken cancellationToken)
    {
        try
        {
            return await request().ConfigureAwait(false);
        }
        catch (Exception exception) when (IsOne(exception, cancellationToken))
        {
            throw Explain(exception, uri);
        }
    }

    private static (AzsErrorKind Kind, string Id, string Next) Classify(RequestFailedException refused) => refused.Status switch
    {
        400 when IsVersionRefusal(refused) => (AzsErrorKind.NotSupported, "BlobVersionRefused",
            "Connect with an older blob service version; Test-AzsStack finds the one the stack accepts."),
        400 or 501 => (AzsErrorKind.NotSupported, "BlobRequestRefused",
            "The stack's blob service does not know this request; Test-AzsStack tells what it can do."),
        401 or 403 => (AzsErrorKind.PermissionDenied, "BlobAccessRefused",
            "The account key or the signature is wrong or has expired; run the command again to get a new one."),
        404 => (AzsErrorKind.NotFound, "BlobNotFound", "Check the storage account, the container and the blob's name."),
        409 or 412 => (AzsErrorKind.Busy, "BlobInUse", "Somebody else holds or changed the blob; try again when they are done."),
        416 => (AzsErrorKind.InvalidInput, "RangeOutsideBlob", "The range lies outside the blob; read its length again."),
        429 or 503 => (AzsErrorKind.LimitExceeded, "RequestsThrottled", "Try again later, or run fewer transfers at once."),
        408 => (AzsErrorKind.TimedOut, "BlobServiceTimedOut", "Try again later; tell the stack's operator if it goes on."),
        507 => (AzsErrorKind.LimitExceeded, "StorageFull", "Free space in the storage account, or ask the stack's operator."),
        _ => (AzsErrorKind.StorageFailed, "BlobRequestFailed", "Try again; tell the stack's operator if it goes on."),
    };

    private static bool IsVersionRefusal(RequestFailedException refused) =>
        refused.ErrorCode is "InvalidHeaderValue" or "UnsupportedHeader" && refused.Message.Contains("x-ms-version", StringComparison.OrdinalIgnoreCase);
}
