using AzsBackup.Vault.Format;
using AzsBackup.Vault.Keys;
using AzsBackup.Vault.Stores;

namespace AzsBackup.Vault.Copying;

/// <summary>Makes sure that the destination is the same vault, or nothing yet (FORMAT.md §8).</summary>
/// <param name="source">The vault to copy.</param>
/// <param name="store">Where to.</param>
internal sealed class CopyDestination(VaultAccess source, IObjectStore store)
{
    /// <summary>Key slots that the destination has and the source has not: removed in the source, or added in the destination.</summary>
    public IReadOnlyList<string> KeysOnlyThere { get; private set; } = [];

    /// <summary>Whether the destination is this vault already; if it is not, it is empty.</summary>
    /// <exception cref="Model.AzsException"><c>CopyDestinationForeign</c>, <c>CopyDestinationIsSource</c>, <c>VaultFolderNotEmpty</c>, or a failure of a store.</exception>
    public async Task<bool> IsMadeAsync(CancellationToken cancellationToken)
    {
        if (source.Store == store || source.Store.Location == store.Location)
            throw CopyErrors.SamePlace(store.Location);
        using var there = await FindDescriptionAsync(store, cancellationToken).ConfigureAwait(false);
        if (there is null)
        {
            await VaultOpening.ThrowUnlessEmptyAsync(store, cancellationToken).ConfigureAwait(false);
            return false;
        }

        using var here = await ReadDescriptionAsync(cancellationToken).ConfigureAwait(false);
        return there.Span.SequenceEqual(here.Span) ? true : throw CopyErrors.ForeignVault(store.Location);
    }

    /// <summary>Copies the key slots the destination lacks, and makes it a vault if it is none.</summary>
    public async Task MakeAsync(CancellationToken cancellationToken)
    {
        bool isMade = await IsMadeAsync(cancellationToken).ConfigureAwait(false);
        if (source.Info.Encrypted)
            await CopyKeysAsync(cancellationToken).ConfigureAwait(false);
        if (isMade)
            return;
        using var description = await ReadDescriptionAsync(cancellationToken).ConfigureAwait(false);
        await store.TryCreateAsync(ObjectNames.Vault, description.Memory, cancellationToken).ConfigureAwait(false);
        await store.FlushAsync(cancellationToken).ConfigureAwait(false);

        // Another process may have made a vault here in the same moment: the same one, or another.
        using var stored = await FindDescriptionAsync(store, cancellationToken).ConfigureAwait(false);
        if (stored is null || !stored.Span.SequenceEqual(description.Span))
            throw CopyErrors.ForeignVault(store.Location);
    }

    /// <summary>The destination as an opened vault: it has the source's keys.</summary>
    public VaultAccess Open() => new(
        store,
        source.Info with { Location = store.Location },
        source.Keys.Encrypted ? VaultKeys.From(source.Keys.Master, source.Info.Id) : VaultKeys.None(),
        source.OpenedBy,
        source.Runtime);

    private static Task<PooledBuffer?> FindDescriptionAsync(IObjectStore store, CancellationToken cancellationToken) =>
        store.FindAsync(ObjectNames.Vault, VaultDescription.MaximumLength, cancellationToken);

    private async Task<PooledBuffer> ReadDescriptionAsync(CancellationToken cancellationToken) =>
        await FindDescriptionAsync(source.Store, cancellationToken).ConfigureAwait(false) ?? throw VaultErrors.NotFound(source.Info.Location);

    private async Task CopyKeysAsync(CancellationToken cancellationToken)
    {
        var here = await KeySlots.ListNamesAsync(source.Store, cancellationToken).ConfigureAwait(false);
        if (!here.Contains(ObjectNames.Key(source.OpenedBy!.Id), StringComparer.Ordinal))
            throw CopyErrors.OpenersKeyGone(source.Info.Location);
        var there = await KeySlots.ListNamesAsync(store, cancellationToken).ConfigureAwait(false);
        foreach (string name in here.Except(there, StringComparer.Ordinal))
        {
            using var slot = await source.Store.FindAsync(name, KeySlots.MaximumLength, cancellationToken).ConfigureAwait(false);
            if (slot is not null)
                await store.TryCreateAsync(name, slot.Memory, cancellationToken).ConfigureAwait(false);
        }

        await store.FlushAsync(cancellationToken).ConfigureAwait(false);
        KeysOnlyThere = [.. there.Except(here, StringComparer.Ordinal).Select(name => Path.GetFileNameWithoutExtension(name))];
    }
}
