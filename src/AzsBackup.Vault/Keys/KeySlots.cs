using AzsBackup.Vault.Format;
using AzsBackup.Vault.Stores;

namespace AzsBackup.Vault.Keys;

/// <summary>The key slots of a vault as they lie in its store (FORMAT.md §3, §8).</summary>
internal static class KeySlots
{
    private const int MaximumLength = 64 << 10;

    /// <summary>Creates a slot's object and makes it durable.</summary>
    public static async Task CreateAsync(IObjectStore store, string slotId, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        string name = ObjectNames.Key(slotId);
        if (!await store.TryCreateAsync(name, content, cancellationToken).ConfigureAwait(false))
        {
            // A creation whose answer was lost has been tried again: then it has these very bytes.
            using var stored = await store.FindAsync(name, MaximumLength, cancellationToken).ConfigureAwait(false);
            if (stored is null || !stored.Span.SequenceEqual(content.Span))
                throw VaultErrors.WriteConflict(name);
        }

        await store.FlushAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Reads a listed slot; <see langword="null"/> if it is gone, damaged, or of a kind this version does not know.</summary>
    public static async Task<KeySlot?> FindAsync(IObjectStore store, StoredObject listed, CancellationToken cancellationToken)
    {
        if (listed.Length > MaximumLength)
            return null;
        using var content = await store.FindAsync(listed.Name, MaximumLength, cancellationToken).ConfigureAwait(false);
        return content is not null && KeySlot.Read(content.Span) is { } slot && ObjectNames.Key(slot.Id) == listed.Name ? slot : null;
    }

    /// <summary>All slots that can be read, in no order.</summary>
    public static async Task<List<KeySlot>> ListAsync(IObjectStore store, CancellationToken cancellationToken)
    {
        var slots = new List<KeySlot>();
        await foreach (var listed in store.ListAsync(ObjectNames.Keys, cancellationToken).ConfigureAwait(false))
        {
            if (await FindAsync(store, listed, cancellationToken).ConfigureAwait(false) is { } slot)
                slots.Add(slot);
        }

        return slots;
    }

    /// <summary>
    /// Removes a slot. Two openers may remove each other's slot at the same time; whoever finds none left puts its own removal
    /// back, so that the vault can be opened by somebody.
    /// </summary>
    /// <returns>Whether the slot was there and is gone.</returns>
    public static async Task<bool> RemoveAsync(IObjectStore store, string slotId, CancellationToken cancellationToken)
    {
        if ((await ListAsync(store, cancellationToken).ConfigureAwait(false)).Find(slot => slot.Id == slotId) is not { } removed)
            return false;
        byte[] content = removed.Write();

        // From here to the end without a stop: a slot that is deleted must have been looked after.
        await store.DeleteAsync(ObjectNames.Key(slotId), CancellationToken.None).ConfigureAwait(false);
        if ((await ListAsync(store, CancellationToken.None).ConfigureAwait(false)).Count > 0)
            return true;
        await CreateAsync(store, slotId, content, CancellationToken.None).ConfigureAwait(false);
        throw VaultErrors.LastKey(slotId, store.Location);
    }
}
