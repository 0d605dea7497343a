using AzsBackup.Azure.Arm;
using AzsBackup.Azure.Blobs;
using AzsBackup.Azure.Transport;
using AzsBackup.Engine.Running;
using AzsBackup.Engine.Stacks;
using AzsBackup.Model;
using Azure.Core.Pipeline;

namespace AzsBackup.Azure.Connections;

/// <summary>Connects to stacks.</summary>
/// <param name="clock">The time, and the waits between retries and polls.</param>
/// <param name="chance">Spreads those waits.</param>
/// <param name="budgets">The request budgets to share; one's own if null.</param>
public sealed class StackConnector(TimeProvider clock, Random chance, RequestBudgets? budgets = null)
{
    private readonly RequestBudgets _budgets = budgets ?? new RequestBudgets(clock, chance);

    /// <summary>
    /// Connects: finds the token issuer, signs in, picks the subscription. The stack that comes back is <see cref="IDisposable"/>.
    /// </summary>
    /// <exception cref="AzsException">
    /// Among others <c>StackUnreachable</c>, <c>StackCertificateUntrusted</c>, <c>NotAStackEndpoint</c>, <c>SignInRefused</c>,
    /// <c>AccessTokenExpired</c>, <c>SubscriptionAmbiguous</c>.
    /// </exception>
    public async Task<IStack> ConnectAsync(StackSignIn signIn, IRunLog log, CancellationToken cancellationToken)
    {
        var endpoint = CheckedEndpoint(signIn.ArmEndpoint);
        var blobVersion = signIn.BlobServiceVersion ?? BlobVersion.Default;
        if (!BlobVersion.IsOne(blobVersion)) throw BlobVersion.Malformed(blobVersion);
        var jitter = new Jitter(chance);
        var transport = new StackTransport(CertificateTrust.Load(signIn.CaCertificatePath), _budgets, clock, jitter);
        try
        {
            return await ConnectAsync(signIn, endpoint, blobVersion, transport, jitter, log, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            transport.Dispose();
            throw;
        }
    }

    private static Uri CheckedEndpoint(Uri endpoint)
    {
        if (endpoint.IsAbsoluteUri && endpoint.Scheme == Uri.UriSchemeHttps) return new Uri(endpoint.GetLeftPart(UriPartial.Path));
        throw new AzsException(
            AzsErrorKind.InvalidInput,
            "EndpointNotHttps",
            $"'{endpoint.OriginalString}' is no HTTPS address; tokens are sent over nothing less.",
            "Give the tenant Resource Manager endpoint, for example https://management.local.azurestack.external.",
            endpoint.OriginalString);
    }

    private async Task<IStack> ConnectAsync(
        StackSignIn signIn, Uri endpoint, string blobVersion, StackTransport transport, Jitter jitter, IRunLog log, CancellationToken cancellationToken)
    {
        var plain = HttpPipelineBuilder.Build(transport.Configure(new ArmPipelineOptions(), RequestService.Identity, RetryLimits.Connecting));
        var metadata = await new StackMetadataReader(plain).ReadAsync(endpoint, cancellationToken).ConfigureAwait(false);
        var authority = StackAuthority.Of(metadata, signIn.TenantId);
        log.Verbose($"{endpoint.Authority}: {metadata.Identity} at {metadata.LoginEndpoint}, audience {metadata.Audience}.");

        var credential = new CredentialFactory(transport, clock).Make(signIn.Credential, metadata, authority);

        // Before anything else, so that a wrong secret shows at once and as what it is.
        var tokens = new TokenSource(credential, metadata, clock);
        var claims = TokenClaims.Read(await tokens.GetAsync(cancellationToken).ConfigureAwait(false));

        var pipeline = HttpPipelineBuilder.Build(
            transport.Configure(new ArmPipelineOptions(), RequestService.ResourceManager, RetryLimits.Working), new BearerPolicy(tokens));
        var sender = new ArmSender(endpoint, pipeline, clock);
        var subscription = await SubscriptionChoice.MakeAsync(sender, signIn.SubscriptionId, cancellationToken).ConfigureAwait(false);
        var location = await subscription.ReadLocationAsync(sender, endpoint, cancellationToken).ConfigureAwait(false);
        log.Verbose($"{endpoint.Authority}: subscription {subscription.Id}, location {location}.");

        var connection = new AzsStackConnection
        {
            Name = signIn.Name ?? (endpoint.IsDefaultPort ? endpoint.Host : endpoint.Authority),
            ArmEndpoint = endpoint,
            Identity = metadata.Identity,
            TenantId = authority.TenantId ?? claims.TenantId ?? subscription.TenantId ?? "organizations",
            Account = claims.Account ?? ClientIdOf(signIn.Credential),
            SubscriptionId = subscription.Id,
            SubscriptionName = subscription.Name,
            Location = location,
            BlobServiceVersion = blobVersion,
        };
        var versions = new ApiVersionCatalog(token => ProviderList.ReadAsync(sender, subscription.Id, token));
        var resources = new ResourceClient(sender, versions, new OperationWaiter(sender, clock));
        var blobs = new BlobGateway(transport, blobVersion, clock, jitter);
        return new AzureStackClient(connection, resources, versions, blobs, sender, transport);
    }

    private static string? ClientIdOf(StackCredential credential) => credential switch
    {
        ClientSecretSignIn secret => secret.ClientId,
        ClientCertificateSignIn certificate => certificate.ClientId,
        _ => null,
    };
}
