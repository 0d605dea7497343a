using System.Management.Automation;
using System.Security;
using AzsBackup.Azure.Connections;
using AzsBackup.Composition;
using AzsBackup.Input;
using AzsBackup.Model;
using AzsBackup.Pipeline;
using AzsBackup.Sessions;

namespace AzsBackup.Commands;

/// <summary>Opens a connection with a stack; it becomes the default.</summary>
[Cmdlet(VerbsCommunications.Connect, "AzsStack", DefaultParameterSetName = ByCredential)]
[OutputType(typeof(AzsStackConnection))]
public sealed class ConnectAzsStackCommand : AsyncCmdlet
{
    private const string ByCredential = "Credential";
    private const string ByCertificate = "Certificate";
    private const string ByAccessToken = "AccessToken";
    private const string ByDevice = "DeviceCode";
    private const string ByAzContext = "AzContext";
    private const string EndpointHelp = "The tenant Resource Manager endpoint, for example https://management.local.azurestack.external.";

    [Parameter(ParameterSetName = ByCredential, Mandatory = true, Position = 0, HelpMessage = EndpointHelp)]
    [Parameter(ParameterSetName = ByCertificate, Mandatory = true, Position = 0, HelpMessage = EndpointHelp)]
    [Parameter(ParameterSetName = ByAccessToken, Mandatory = true, Position = 0, HelpMessage = EndpointHelp)]
    [Parameter(ParameterSetName = ByDevice, Mandatory = true, Position = 0, HelpMessage = EndpointHelp)]
    [Parameter(ParameterSetName = ByAzContext, Position = 0, HelpMessage = EndpointHelp)]
    [ArmEndpoint]
    public Uri? ArmEndpoint { get; set; }

    [Parameter(ParameterSetName = ByCredential, Mandatory = true, HelpMessage = "A service principal: its application id as user name, its secret as password.")]
    [Credential]
    public PSCredential Credential { get; set; } = PSCredential.Empty;

    [Parameter(ParameterSetName = ByCertificate, Mandatory = true, HelpMessage = "The application id of the service principal.")]
    [Alias("ApplicationId")]
    public string ClientId { get; set; } = "";

    [Parameter(ParameterSetName = ByCertificate, Mandatory = true, HelpMessage = "A PFX file, or a PEM file with the certificate and its private key.")]
    public string CertificatePath { get; set; } = "";

    [Parameter(ParameterSetName = ByCertificate, HelpMessage = "The password of the certificate's file.")]
    public SecureString? CertificatePassword { get; set; }

    [Parameter(ParameterSetName = ByAccessToken, Mandatory = true, HelpMessage = "A token for the stack's Resource Manager. The connection ends with it.")]
    public SecureString AccessToken { get; set; } = new();

    [Parameter(ParameterSetName = ByDevice, Mandatory = true, HelpMessage = "Sign in as a person, with a code to type into a browser.")]
    public SwitchParameter UseDeviceAuthentication { get; set; }

    [Parameter(ParameterSetName = ByAzContext, Mandatory = true, HelpMessage = "Use the session's Az sign-in (Connect-AzAccount).")]
    public SwitchParameter FromAzContext { get; set; }

    [Parameter(HelpMessage = "The directory, by id or domain. Needed on Entra ID, except with a token; AD FS ignores it.")]
    public string? TenantId { get; set; }

    [Parameter(HelpMessage = "The subscription to use where a command names none; needed if the sign-in sees several.")]
    public string? SubscriptionId { get; set; }

    [Parameter(HelpMessage = "A PEM or DER file of certificates to trust besides the system's, as for a stamp with a CA of its own.")]
    public string? CaCertificatePath { get; set; }

    [Parameter(HelpMessage = "What to call the connection; by default the host of its endpoint.")]
    [ValidateNotNullOrEmpty]
    public string? Name { get; set; }

    protected override void Prepare()
    {
        if (CaCertificatePath is not null) CaCertificatePath = SessionPath.Resolve(this, CaCertificatePath);
        if (ParameterSetName == ByCertificate) CertificatePath = SessionPath.Resolve(this, CertificatePath);
    }

    protected override async Task ProcessAsync(CommandOutput output, CancellationToken cancellationToken)
    {
        var context = FromAzContext ? await output.AskAsync(AzContext.Read, cancellationToken).ConfigureAwait(false) : null;
        var signIn = new StackSignIn
        {
            ArmEndpoint = ArmEndpoint ?? context?.ArmEndpoint ?? throw EndpointMissing(),
            Credential = SignIn(output),
            TenantId = TenantId ?? context?.TenantId,
            SubscriptionId = SubscriptionId ?? context?.SubscriptionId,
            CaCertificatePath = CaCertificatePath,
            Name = Name,
        };
        var stack = await new StackConnector(TimeProvider.System, Random.Shared, NetworkLimits.Budgets)
            .ConnectAsync(signIn, output.Log, cancellationToken).ConfigureAwait(false);
        await output.WriteAsync(StackSessions.OfProcess.Open(stack), cancellationToken).ConfigureAwait(false);
    }

    private StackCredential SignIn(CommandOutput output) => ParameterSetName switch
    {
        ByCredential => new ClientSecretSignIn(Credential.UserName, Credential.Password),
        ByCertificate => new ClientCertificateSignIn(ClientId, CertificatePath, CertificatePassword),
        ByAccessToken => new AccessTokenSignIn(AccessToken),
        ByDevice => new DeviceCodeSignIn(output.ShowAsync),
        ByAzContext => new BorrowedTokenSignIn(BorrowAsync),
        _ => throw new InvalidOperationException($"The parameter set '{ParameterSetName}' has no sign-in."),
    };

    /// <summary>Asks whichever command works with the connection at the time: only a pipeline can run Get-AzAccessToken.</summary>
    private static Task<BorrowedToken> BorrowAsync(string resource, CancellationToken cancellationToken) =>
        CommandOutput.Current is { } output
            ? output.AskAsync(cmdlet => AzContext.RequestToken(cmdlet, resource), cancellationToken)
            : throw new InvalidOperationException("A token was asked for outside the work of a command.");

    private static AzsException EndpointMissing() => new(
        AzsErrorKind.InvalidInput,
        "AzContextWithoutEndpoint",
        "The Az context does not tell its Resource Manager endpoint.",
        "Give it with -ArmEndpoint.");
}
