using System.Globalization;
using System.Text.Json.Nodes;
using AzsBackup.Emulator.Arm;
using AzsBackup.Emulator.Blobs;
using AzsBackup.Emulator.KeyVault;
using Microsoft.AspNetCore.WebUtilities;

namespace AzsBackup.Emulator.Faults;

/// <summary>Refusals that faults ask for, in the words of the service that is asked.</summary>
internal sealed class FaultWords(StackState stack)
{
    /// <summary>As ARM says it. Quota: azure-stack issue reports and "Resolve errors for resource quotas"; capacity: compute's allocation failures; 503: azure-cli issue reports.</summary>
    public ArmException OfArm(FaultAnswer answer, FaultSubject subject)
    {
        (int status, string code, string message) = answer.Words switch
        {
            FaultWord.Quota => (409, "OperationNotAllowed", "Operation results in exceeding quota limits of Core. Maximum allowed: 4, Current in use: 4, Additional requested: 2."),
            FaultWord.Capacity => (409, "AllocationFailed", "Allocation failed. We do not have sufficient capacity for the requested VM size in this region. Read more about improving likelihood of allocation success at http://aka.ms/allocation-guidance"),
            FaultWord.Lock => OfLock(subject),
            _ => OfStatus(answer.Status ?? StatusCodes.Status500InternalServerError, subject),
        };
        return new ArmException(answer.Status ?? status, answer.Code ?? code, answer.Message ?? message);
    }

    /// <summary>As the blob service says it (learn.microsoft.com, "Common REST API error codes").</summary>
    public static BlobException OfBlob(FaultAnswer answer)
    {
        (int status, string code, string message) = answer switch
        {
            { Words: FaultWord.DiffUnsupported } => (400, "UnsupportedQueryParameter", "One of the query parameters specified in the request URI is not supported."),
            { Status: 500 } => (500, "InternalError", "Server encountered an internal error. Please try again after some time."),
            { Status: 503 or 429 } => (answer.Status.Value, "ServerBusy", "The server is busy."),
            _ => (answer.Status ?? 500, ReasonOf(answer.Status ?? 500), "A fault was asked for."),
        };
        return new BlobException(answer.Status ?? status, answer.Code ?? code, answer.Message ?? message);
    }

    /// <summary>As the identity provider says it: an OAuth error (RFC 6749, 5.2); temporarily_unavailable is Entra's for its own trouble.</summary>
    public static ArmResponse OfIdentity(FaultAnswer answer)
    {
        int status = answer.Status ?? StatusCodes.Status500InternalServerError;
        return new ArmResponse(status, new JsonObject
        {
            ["error"] = answer.Code ?? (status is 429 or >= 500 ? "temporarily_unavailable" : "invalid_request"),
            ["error_description"] = answer.Message ?? "AADSTS90033: A transient error has occurred. Please try again.",
        });
    }

    /// <summary>As a key vault says it (learn.microsoft.com, "Azure Key Vault REST API Error Codes").</summary>
    public static VaultException OfVault(FaultAnswer answer)
    {
        int status = answer.Status ?? StatusCodes.Status500InternalServerError;
        (string code, string message) = status switch
        {
            429 => ("Throttled", "Request was not processed because too many requests were received. Reason: VaultRequestTypeLimitReached"),
            500 => ("InternalServerError", "An internal server error occurred."),
            _ => (ReasonOf(status), "A fault was asked for."),
        };
        return new VaultException(status, answer.Code ?? code, answer.Message ?? message);
    }

    /// <summary>The value of the Retry-After header; <see langword="null"/>: none.</summary>
    public string? RetryAfter(FaultAnswer answer) =>
        answer.RetryAfter ?? (answer.RetryAfterDate is { } ahead ? (stack.Now + ahead).ToString("R", CultureInfo.InvariantCulture) : null);

    private static (int Status, string Code, string Message) OfLock(FaultSubject subject)
    {
        ArmPath path = ArmPath.Parse(subject.PathAndQuery.Split('?')[0]);
        string scope = path.ResourceGroup is { } group ? $"/subscriptions/{path.Subscription}/resourceGroups/{group}" : path.Scope;
        ArmException refusal = ResourceLocks.Refusal(path.Text, subject.Method == "DELETE" ? "delete" : "write", [scope]);
        return (refusal.Status, refusal.Code, refusal.Message);
    }

    private (int Status, string Code, string Message) OfStatus(int status, FaultSubject subject) => status switch
    {
        429 => (status, "SubscriptionRequestsThrottled", $"Number of {Kind(subject)} requests for subscription '{stack.SubscriptionId}' exceeded the limit of '15000' for time interval '01:00:00'. Please try again after '5' minutes."),
        500 => (status, "InternalServerError", "Encountered internal server error." + Diagnostics()),
        503 => (status, "ServerTimeout", "The request timed out." + Diagnostics()),
        _ => (status, ReasonOf(status), "A fault was asked for."),
    };

    private string Diagnostics()
    {
        string id = stack.Ids.NewId();
        return $" Diagnostic information: timestamp '{stack.Now.UtcDateTime:yyyyMMdd'T'HHmmss'Z'}', subscription id '{stack.SubscriptionId}', tracking id '{id}', request correlation id '{id}'.";
    }

    private static string Kind(FaultSubject subject) => subject.Method switch
    {
        "GET" or "HEAD" => "read",
        "DELETE" => "delete",
        _ => "write",
    };

    private static string ReasonOf(int status) =>
        ReasonPhrases.GetReasonPhrase(status).Replace(" ", "", StringComparison.Ordinal) is { Length: > 0 } reason ? reason : "Error";
}
