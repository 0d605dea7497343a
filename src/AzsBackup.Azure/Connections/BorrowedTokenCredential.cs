using System.Diagnostics.CodeAnalysis;
using Azure.Core;

namespace AzsBackup.Azure.Connections;

/// <summary>Asks another module's sign-in for tokens, one request at a time, and keeps each until shortly before it ends.</summary>
[SuppressMessage("Design", "CA1001", Justification = "A semaphore whose wait handle nobody asks for holds nothing to release.")]
internal sealed class BorrowedTokenCredential(
    Func<string, CancellationToken, Task<BorrowedToken>> borrow, string resource, TimeProvider clock) : TokenCredential
{
    private static readonly TimeSpan Margin = TimeSpan.FromMinutes(5);
    private readonly SemaphoreSlim _borrowing = new(1, 1);
    private BorrowedToken? _last;

    /// <inheritdoc/>
    public override async ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken)
    {
        await _borrowing.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            // Claims: the last one was refused.
            if (requestContext.Claims is not null || _last is null || _last.ExpiresOn - Margin <= clock.GetUtcNow())
                _last = await borrow(resource, cancellationToken).ConfigureAwait(false);
            return new AccessToken(_last.Token, _last.ExpiresOn);
        }
        finally
        {
            _borrowing.Release();
        }
    }

    /// <inheritdoc/>
    public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken) =>
        throw new NotSupportedException("Tokens are asked for asynchronously.");
}
