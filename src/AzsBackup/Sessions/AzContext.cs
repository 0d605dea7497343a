using System.Collections.ObjectModel;
using System.Management.Automation;
using System.Net;
using System.Security;
using AzsBackup.Azure.Connections;
using AzsBackup.Model;

namespace AzsBackup.Sessions;

/// <summary>
/// The session's Az sign-in, read by property name: no Az type is ever bound, since its identity depends on the version loaded.
/// </summary>
/// <param name="ArmEndpoint">The environment's Resource Manager.</param>
/// <param name="TenantId">The context's directory.</param>
/// <param name="SubscriptionId">The context's subscription.</param>
internal sealed record AzContext(Uri? ArmEndpoint, string? TenantId, string? SubscriptionId)
{
    /// <summary>Reads <c>Get-AzContext</c>. On the pipeline thread only.</summary>
    /// <exception cref="AzsException"><c>AzContextMissing</c>.</exception>
    public static AzContext Read(PSCmdlet cmdlet)
    {
        const CommandTypes Callable = CommandTypes.Cmdlet | CommandTypes.Function | CommandTypes.Alias;
        if (cmdlet.InvokeCommand.GetCommand("Get-AzContext", Callable) is null) throw Missing("The command Get-AzContext does not exist here.");
        var context = Run(cmdlet, "Get-AzContext -ErrorAction Stop").FirstOrDefault() ?? throw Missing("Nobody is signed in to Az.");
        return new AzContext(
            Uri.TryCreate(Text(context, "Environment", "ResourceManagerUrl"), UriKind.Absolute, out var endpoint) ? endpoint : null,
            Text(context, "Tenant", "Id"),
            Text(context, "Subscription", "Id"));
    }

    /// <summary>Asks <c>Get-AzAccessToken</c> for a token. On the pipeline thread only.</summary>
    /// <exception cref="AzsException"><c>AzTokenRefused</c>.</exception>
    public static BorrowedToken RequestToken(PSCmdlet cmdlet, string resource)
    {
        var answer = Run(
            cmdlet,
            "param($resource) Get-AzAccessToken -ResourceUrl $resource -ErrorAction Stop -WarningAction SilentlyContinue",
            resource).FirstOrDefault();

        // A SecureString in new versions of Az.Accounts, a string in old ones.
        var token = answer is null ? null : Value(answer, "Token") switch
        {
            SecureString secret => new NetworkCredential("", secret).Password,
            string text => text,
            _ => null,
        };
        if (string.IsNullOrEmpty(token)) throw Refused("Get-AzAccessToken gave no token.", null);
        return new BorrowedToken(token, LanguagePrimitives.ConvertTo<DateTimeOffset>(Value(answer!, "ExpiresOn")));
    }

    private static Collection<PSObject> Run(PSCmdlet cmdlet, string script, params object[] arguments)
    {
        try
        {
            return cmdlet.InvokeCommand.InvokeScript(script, useNewScope: true, System.Management.Automation.Runspaces.PipelineResultTypes.None, null, arguments);
        }
        catch (RuntimeException failure) when (failure is not PipelineStoppedException)
        {
            throw Refused(failure.Message, failure);
        }
    }

    private static string? Text(PSObject source, params string[] path)
    {
        object? value = source;
        foreach (var name in path)
        {
            if (value is null) return null;
            value = Value(PSObject.AsPSObject(value), name);
        }

        return value?.ToString();
    }

    private static object? Value(PSObject source, string name) =>
        source.Properties[name]?.Value is { } value ? (value as PSObject)?.BaseObject is { } inner and not PSCustomObject ? inner : value : null;

    private static AzsException Missing(string message) => new(
        AzsErrorKind.NotFound,
        "AzContextMissing",
        message,
        "Sign in with Connect-AzAccount of the Az.Accounts module first, or connect with -Credential, -CertificatePath or -AccessToken.");

    private static AzsException Refused(string message, Exception? cause) => new(
        AzsErrorKind.AuthenticationFailed, "AzTokenRefused", message, "Sign in again with Connect-AzAccount.", innerException: cause);
}
