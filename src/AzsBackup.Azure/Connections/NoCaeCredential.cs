using Azure.Core;

namespace AzsBackup.Azure.Connections;

/// <summary>
/// Asks for tokens without continuous access evaluation, which the SDK's bearer policy always asks for: the extra claim
/// in the request is Entra's, and no stamp's Resource Manager or AD FS is known to understand it.
/// </summary>
internal sealed class NoCaeCredential(TokenCredential inner) : TokenCredential
{
    /// <inheritdoc/>
    public override ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken) =>
        inner.GetTokenAsync(Strip(requestContext), cancellationToken);

    /// <inheritdoc/>
    public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken) =>
        inner.GetToken(Strip(requestContext), cancellationToken);

    private static TokenRequestContext Strip(TokenRequestContext context) =>
        new(context.Scopes, context.ParentRequestId, context.Claims, context.TenantId, isCaeEnabled: false);
}
