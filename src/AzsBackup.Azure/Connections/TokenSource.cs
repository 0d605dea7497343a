using System.Diagnostics.CodeAnalysis;
using AzsBackup.Model;
using Azure.Core;
using Azure.Identity;
using Microsoft.Identity.Client;

namespace AzsBackup.Azure.Connections;

/// <summary>
/// The token that requests to a stack's Resource Manager bear: kept until shortly before it ends, renewed when the stack refuses it,
/// once for all who were refused. Failures are <see cref="AzsException"/>. Safe for concurrent use.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "A semaphore whose wait handle nobody asks for holds nothing to release.")]
internal sealed class TokenSource(TokenCredential credential, StackMetadata metadata, TimeProvider clock)
{
    /// <summary>As long before its end the identity library asks for a new one, too.</summary>
    private static readonly TimeSpan Margin = TimeSpan.FromMinutes(5);

    /// <summary>Claims, even none, make the identity library pass its cache by (MSAL: WithClaims).</summary>
    private const string PassCacheBy = "{}";

    private readonly SemaphoreSlim _asking = new(1, 1);
    private volatile IssuedToken? _last;

    /// <summary>The token to use now.</summary>
    public async ValueTask<string> GetAsync(CancellationToken cancellationToken)
    {
        if (_last is { } last && last.ExpiresOn - Margin > clock.GetUtcNow()) return last.Text;
        await _asking.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (_last is { } meanwhile && meanwhile.ExpiresOn - Margin > clock.GetUtcNow()) return meanwhile.Text;
            try
            {
                return (await AskAsync(null, cancellationToken).ConfigureAwait(false)).Text;
            }
            catch (AzsException) when (_last is { } still && still.ExpiresOn > clock.GetUtcNow())
            {
                // It is good for some minutes yet, in which the issuer may come back.
                return still.Text;
            }
        }
        finally
        {
            _asking.Release();
        }
    }

    /// <summary>Asks for another token because the stack refused one. Null if the issuer has no other.</summary>
    public async ValueTask<string?> RenewAsync(string refused, CancellationToken cancellationToken)
    {
        await _asking.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (_last is { } last && last.Text != refused) return last.Text;
            var renewed = await AskAsync(PassCacheBy, cancellationToken).ConfigureAwait(false);
            return renewed.Text == refused ? null : renewed.Text;
        }
        finally
        {
            _asking.Release();
        }
    }

    private async Task<IssuedToken> AskAsync(string? claims, CancellationToken cancellationToken)
    {
        try
        {
            var token = await credential.GetTokenAsync(new TokenRequestContext([metadata.Scope], claims: claims), cancellationToken).ConfigureAwait(false);
            return _last = new IssuedToken(token.Token, token.ExpiresOn);
        }
        catch (Exception exception) when (exception is AuthenticationFailedException or MsalException)
        {
            throw SignInFailure.Explain(exception, metadata);
        }
    }

    private sealed class IssuedToken(string text, DateTimeOffset expiresOn)
    {
        public string Text => text;

        public DateTimeOffset ExpiresOn => expiresOn;
    }
}
