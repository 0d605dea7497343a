using AzsBackup.Vault.Format;

namespace AzsBackup.Vault.Copying;

/// <summary>
/// Ends a condemned list without deleting what it names (FORMAT.md §9). A backup avoids condemned chunks by the next
/// generation; a copy needs the very names its indexes give. So it claims the list as a sweeper would, and spares everything.
/// </summary>
internal static class CondemnedAmnesty
{
    /// <summary>What the claim holds: whoever made it never deletes a chunk, so anybody may finish for him.</summary>
    private static ReadOnlySpan<byte> Spare => "spare"u8;

    /// <returns>Whether the list is gone, and nobody can still delete what it named.</returns>
    public static async Task<bool> TryAsync(VaultAccess access, string listId, CancellationToken cancellationToken)
    {
        // Who may not delete finds out before there is a claim that nobody takes back.
        await access.Store.DeleteAsync(ObjectNames.Job(access.Runtime.Random.NewId()), cancellationToken).ConfigureAwait(false);
        string claim = ObjectNames.Claim(listId, access.Runtime.Random.NewId());
        using (var content = access.Sealer.Seal(ObjectRole.Condemned, claim, Spare))
            await access.CreateAsync(claim, content.Memory, cancellationToken).ConfigureAwait(false);
        await access.Store.FlushAsync(cancellationToken).ConfigureAwait(false);

        var claims = new List<string>();
        await foreach (var stored in access.Store.ListAsync(ObjectNames.Claims(listId), cancellationToken).ConfigureAwait(false))
            claims.Add(stored.Name);
        foreach (string other in claims.Where(name => name != claim))
        {
            using var content = await access.FindAsync(ObjectRole.Condemned, other, cancellationToken).ConfigureAwait(false);
            if (content is null || content.Span.SequenceEqual(Spare))
                continue;

            // A sweeper's: its deletions may come at any time, for as long as the list is there.
            await access.Store.DeleteAsync(claim, cancellationToken).ConfigureAwait(false);
            using var list = await access.FindSealedAsync(ObjectNames.Condemned(listId), cancellationToken).ConfigureAwait(false);
            return list is null;
        }

        await access.Store.DeleteAsync(ObjectNames.Condemned(listId), cancellationToken).ConfigureAwait(false);
        await access.Store.DeleteAsync(ObjectNames.Waits(listId), cancellationToken).ConfigureAwait(false);
        foreach (string name in claims.Append(claim).Distinct(StringComparer.Ordinal))
            await access.Store.DeleteAsync(name, cancellationToken).ConfigureAwait(false);
        return true;
    }
}
