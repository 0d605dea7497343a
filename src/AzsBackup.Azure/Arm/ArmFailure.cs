using System.Text.RegularExpressions;
using AzsBackup.Model;

namespace AzsBackup.Azure.Arm;

/// <summary>Puts Resource Manager's errors in the user's words. The stack's own code and message stay in the text.</summary>
internal static partial class ArmFailure
{
    /// <summary>The failure as the user should see it.</summary>
    public static AzsException Explain(ArmError error, string target)
    {
        var (kind, id, next) = Classify(error);
        var code = error.Code.Length > 0 ? $" ({error.Code})" : error.Status > 0 ? $" (HTTP {error.Status})" : "";
        return new AzsException(kind, id, $"{target}: {error.Message}{code}", next, target);
    }

    private static (AzsErrorKind Kind, string Id, string Next) Classify(ArmError error)
    {
        if (IsQuota(error))
        {
            return (AzsErrorKind.LimitExceeded, "QuotaExceeded",
                "Free some of the quota, or ask the stack's operator for an add-on plan.");
        }

        return error.Code.ToUpperInvariant() switch
        {
            "SCOPELOCKED" => (AzsErrorKind.Busy, "ScopeLocked",
                "Remove the lock (Microsoft.Authorization/locks), or leave this scope out."),
            "AUTHORIZATIONFAILED" or "LINKEDAUTHORIZATIONFAILED" => (AzsErrorKind.PermissionDenied, "PermissionMissing", RoleFor(error)),
            "REQUESTDISALLOWEDBYPOLICY" => (AzsErrorKind.PermissionDenied, "DeniedByPolicy",
                "Ask who assigned the policy for an exemption, or change the request to what it allows."),
            "MISSINGSUBSCRIPTIONREGISTRATION" => (AzsErrorKind.NotSupported, "ProviderNotRegistered",
                "Register the resource provider in the subscription, for example with Register-AzResourceProvider."),
            "NOREGISTEREDPROVIDERFOUND" or "INVALIDAPIVERSIONPARAMETER" or "INVALIDRESOURCETYPE" or "INVALIDRESOURCENAMESPACE"
                or "RESOURCETYPENOTSUPPORTED" =>
                (AzsErrorKind.NotSupported, "ApiVersionNotOffered",
                "Check which resource types and api-versions the stack offers."),
            "SUBSCRIPTIONREQUESTSTHROTTLED" or "TOOMANYREQUESTS" => Throttled(),
            var code when code.EndsWith("ALREADYEXISTS", StringComparison.Ordinal) || code.EndsWith("ALREADYTAKEN", StringComparison.Ordinal) =>
                (AzsErrorKind.AlreadyExists, "ResourceAlreadyExists", "Choose another name, or remove the existing resource."),
            "CANCELED" or "CANCELLED" or "OPERATIONCANCELED" => (AzsErrorKind.RemoteFailed, "OperationCanceled",
                "Somebody or something on the stack canceled the operation; see the activity log, then try again."),
            _ => ByStatus(error),
        };
    }

    private static (AzsErrorKind Kind, string Id, string Next) ByStatus(ArmError error) => error.Status switch
    {
        0 => (AzsErrorKind.RemoteFailed, "OperationFailed", "See the stack's message and the activity log of the resource group."),
        401 => (AzsErrorKind.AuthenticationFailed, "SignInRefused", "Sign in again with Connect-AzsStack."),
        403 => (AzsErrorKind.PermissionDenied, "PermissionMissing", RoleFor(error)),
        404 => (AzsErrorKind.NotFound, "ResourceNotFound", "Check the name, the resource group and the subscription."),
        409 => (AzsErrorKind.Busy, "ResourceConflict", "Wait until the other operation on the resource ends, then try again."),
        412 => (AzsErrorKind.Busy, "ResourceChanged", "Somebody changed the resource meanwhile; try again."),
        429 => Throttled(),
        408 => (AzsErrorKind.TimedOut, "StackTimedOut", "Try again later; tell the stack's operator if it goes on."),
        >= 500 => (AzsErrorKind.RemoteFailed, "StackFailed", "Try again later; tell the stack's operator if it goes on."),
        _ => (AzsErrorKind.RemoteFailed, "RequestRefused", "See the stack's message."),
    };

    private static (AzsErrorKind Kind, string Id, string Next) Throttled() =>
        (AzsErrorKind.LimitExceeded, "RequestsThrottled", "Try again later, or run fewer operations against this subscription at once.");

    private static bool IsQuota(ArmError error) =>
        error.Code.Contains("Quota", StringComparison.OrdinalIgnoreCase)
        || (error.Status is 409 or 403 or 400 or 0
            && (error.Message.Contains("quota", StringComparison.OrdinalIgnoreCase)
                || error.Message.Contains("is at capacity", StringComparison.OrdinalIgnoreCase)));

    private static string RoleFor(ArmError error)
    {
        var action = ActionPattern().Match(error.Message);
        if (!action.Success) return "Ask for a role on the subscription: Reader to export, Contributor to back up and restore.";
        var name = action.Groups[1].Value;
        var scope = ScopePattern().Match(error.Message) is { Success: true } match ? match.Groups[1].Value : "the subscription";
        var role = name.StartsWith("Microsoft.Authorization/", StringComparison.OrdinalIgnoreCase) && !IsRead(name) ? "Owner"
            : IsRead(name) ? "Reader"
            : "Contributor";
        return $"Ask for a role that allows {name} on {scope}, for example {role}.";
    }

    private static bool IsRead(string action) => action.EndsWith("/read", StringComparison.OrdinalIgnoreCase);

    [GeneratedRegex("perform action '([^']+)'", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex ActionPattern();

    [GeneratedRegex("over scope '([^']+)'", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex ScopePattern();
}
