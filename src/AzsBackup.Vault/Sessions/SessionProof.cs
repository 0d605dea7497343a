using AzsBackup.Vault.Format;

namespace AzsBackup.Vault.Sessions;

/// <summary>What a writer asks before and after it publishes (FORMAT.md §8).</summary>
internal static class SessionProof
{
    /// <summary>Throws if this session was taken for dead, or if the store is not the one it began in.</summary>
    /// <exception cref="Model.AzsException"><c>SessionEnded</c>, <c>VaultGone</c>, or a failure of the store.</exception>
    public static async Task ThrowUnlessLivesAsync(VaultAccess access, string sessionId, CancellationToken cancellationToken)
    {
        if (await EndsAsync(access, sessionId, cancellationToken).ConfigureAwait(false))
            throw VaultErrors.SessionEnded(sessionId);
        using var session = await access.FindSealedAsync(ObjectNames.Session(sessionId), cancellationToken).ConfigureAwait(false);
        if (session is null)
            throw await EndsAsync(access, sessionId, cancellationToken).ConfigureAwait(false) ? VaultErrors.SessionEnded(sessionId) : VaultErrors.Gone(access.Info.Location);
    }

    /// <summary>
    /// Throws if the store is not the one this session began in. When a share or a disk is unmounted, its folder is still there,
    /// empty, and takes in whatever is written to it: a part of the chunks would be here and a part there.
    /// </summary>
    /// <exception cref="Model.AzsException"><c>VaultGone</c>, or a failure of the store.</exception>
    public static async Task ThrowUnlessSamePlaceAsync(VaultAccess access, string sessionId, CancellationToken cancellationToken)
    {
        using var session = await access.FindSealedAsync(ObjectNames.Session(sessionId), cancellationToken).ConfigureAwait(false);

        // A sweeper deletes the session object of one that it took for dead, and never the end that says so.
        if (session is null && !await EndsAsync(access, sessionId, cancellationToken).ConfigureAwait(false))
            throw VaultErrors.Gone(access.Info.Location);
    }

    private static async Task<bool> EndsAsync(VaultAccess access, string sessionId, CancellationToken cancellationToken)
    {
        using var end = await access.FindSealedAsync(ObjectNames.SessionEnd(sessionId), cancellationToken).ConfigureAwait(false);
        return end is not null;
    }
}
