using AzsBackup.Vault.Format;
using AzsBackup.Vault.Stores;

namespace AzsBackup.Vault.Keys;

/// <summary>The key slots of a vault as they lie in its store (FORMAT.md §3, §8).</summary>
internal static class KeySlots
{
    /// <summary>The longest slot worth reading, in bytes.</summary>
    public const int MaximumLength = 64 << 10;

    /// <summary>The most slots worth reading: whoever may create objects could plant any number.</summary>
    public const int MaximumSlots = 1024;

    /// <summary>The most slots worth trying: each try costs what the slot asks for.</summary>
    public const int MaximumTries = 64;

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

    /// <summary>The names of all objects that can be slots, oldest first by the store's clock: what was planted later is tried later.</summary>
    public static async Task<List<string>> ListNamesAsync(IObjectStore store, CancellationToken cancellationToken)
    {
        var listed = new List<StoredObject>();
        await foreach (var stored in store.ListAsync(ObjectNames.Keys, cancellationToken).ConfigureAwait(false))
        {
            if (stored.Length <= MaximumLength)
                listed.Add(stored);
        }

        return [.. listed.OrderBy(stored => stored.CreatedAt).ThenBy(stored => stored.Name, StringComparer.Ordinal).Take(MaximumSlots).Select(stored => stored.Name)];
    }

    /// <summary>All slots that can be read, oldest first; those of a kind this version does not know are left out.</summary>
    public static async Task<List<KeySlot>> ListAsync(IObjectStore store, CancellationToken cancellationToken)
    {
        var slots = new List<KeySlot>();
        foreach (string name in await ListNamesAsync(store, cancellationToken).ConfigureAwait(false))
        {
            using var content = await store.FindAsync(name, MaximumLength, cancellationToken).ConfigureAwait(false);
            if (content is not null && KeySlot.Read(content.Memory) is { } slot && ObjectNames.Key(slot.Id) == name)
                slots.Add(slot);
        }

        return slots;
    }

    /// <summary>
    /// Removes a slot, if a slot stays that opens the vault: the one that opened it here, or, if that is the one to go, any
    /// other one that can be read. Two openers may remove each other's slots at the same time; whoever finds his own gone puts
    /// back what he removed.
    /// </summary>
    /// <returns>Whether the slot was there and is gone.</returns>
    public static async Task<bool> RemoveAsync(IObjectStore store, string slotId, KeySlot openedBy, CancellationToken cancellationToken)
    {
        var slots = await ListAsync(store, cancellationToken).ConfigureAwait(false);
        if (!slots.Exists(slot => slot.Id == slotId))
            return false;
        if (!Stays(slots))
            throw Refused();
        byte[] content;
        using (var stored = await store.FindAsync(ObjectNames.Key(slotId), MaximumLength, cancellationToken).ConfigureAwait(false))
        {
            if (stored is null)
                return false;
            content = stored.Span.ToArray();
        }

        // From here to the end without a stop: a slot that is deleted must have been looked after.
        await store.DeleteAsync(ObjectNames.Key(slotId), CancellationToken.None).ConfigureAwait(false);
        if (Stays(await ListAsync(store, CancellationToken.None).ConfigureAwait(false)))
            return true;
        await CreateAsync(store, slotId, content, CancellationToken.None).ConfigureAwait(false);
        throw Refused();

        bool Stays(List<KeySlot> there) => openedBy.Id == slotId
            ? there.Exists(slot => slot.Id != slotId)
            : there.Exists(slot => slot.Id == openedBy.Id && slot.Write().AsSpan().SequenceEqual(openedBy.Write()));

        Model.AzsException Refused() => openedBy.Id == slotId
            ? VaultErrors.LastKey(slotId, store.Location)
            : VaultErrors.OpenersKeyGone(slotId, store.Location);
    }
}
