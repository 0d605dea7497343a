using AzsBackup.Model;
using Azure.Core;

namespace AzsBackup.Azure.Connections;

/// <summary>A token that was handed over, until it ends.</summary>
internal sealed class FixedTokenCredential(string token, TimeProvider clock) : TokenCredential
{
    private readonly DateTimeOffset? _expiresOn = TokenClaims.Read(token).ExpiresOn;

    /// <inheritdoc/>
    public override ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken) =>
        ValueTask.FromResult(GetToken(requestContext, cancellationToken));

    /// <inheritdoc/>
    public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        if (_expiresOn is { } end && end <= now)
        {
            throw new AzsException(
                AzsErrorKind.AuthenticationFailed,
                "AccessTokenExpired",
                $"The access token expired at {end:u}.",
                "Connect again with a new token; a sign-in by secret or certificate renews its tokens by itself.");
        }

        // One that does not say when it ends is asked for again now and then; the stack refuses it when it has ended.
        return new AccessToken(token, _expiresOn ?? now.AddHours(1));
    }
}
