using System.Security.Cryptography;
using AzsBackup.Model;
using AzsBackup.Vault.Format;
using AzsBackup.Vault.Keys;
using AzsBackup.Vault.Stores;

namespace AzsBackup.Vault;

/// <summary>How a vault is made and how its keys are found (FORMAT.md §2, §3, §8).</summary>
internal static class VaultOpening
{
    public static async Task CreateAsync(
        IObjectStore store, VaultOptions options, VaultSecret? secret, VaultRuntime runtime, CancellationToken cancellationToken)
    {
        await ThrowUnlessEmptyAsync(store, cancellationToken).ConfigureAwait(false);
        byte[] random = new byte[16];
        runtime.Random.Fill(random);
        var id = new Guid(random);
        byte[] masterKey = new byte[VaultKeys.Length];
        try
        {
            if (secret is not null)
            {
                runtime.Random.Fill(masterKey);
                var slot = await Task.Run(() => secret.Wrap(masterKey, id, runtime), cancellationToken).ConfigureAwait(false);
                await KeySlots.CreateAsync(store, slot.Id, slot.Write(), cancellationToken).ConfigureAwait(false);
            }

            using var keys = secret is null ? VaultKeys.None() : VaultKeys.From(masterKey, id);
            byte[] description = Describe(id, options, keys, runtime).Write();
            bool created = await store.TryCreateAsync(ObjectNames.Vault, description, cancellationToken).ConfigureAwait(false);
            await store.FlushAsync(cancellationToken).ConfigureAwait(false);

            // Another process may have made a vault here in the same moment.
            using var stored = await store.FindAsync(ObjectNames.Vault, VaultDescription.MaximumLength, cancellationToken).ConfigureAwait(false);
            if (stored is null || !stored.Span.SequenceEqual(description))
                throw created && stored is null ? VaultErrors.Damaged(store.Location, "it vanished while it was made.") : VaultErrors.Exists(store.Location);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(masterKey);
        }
    }

    public static async Task<VaultAccess> OpenAsync(
        IObjectStore store, VaultSecret? secret, VaultRuntime runtime, CancellationToken cancellationToken)
    {
        var description = await ReadAsync(store, cancellationToken).ConfigureAwait(false);
        var id = Guid.ParseExact(description.Id, "D");
        bool encrypted = description.Encryption != VaultDescription.NoEncryption;
        if (!encrypted && secret is not null)
            throw VaultErrors.NotEncrypted(store.Location);
        var (keys, openedBy) = !encrypted ? (VaultKeys.None(), null)
            : secret is not null ? await FindKeysAsync(store, secret, id, cancellationToken).ConfigureAwait(false)
            : throw VaultErrors.SecretMissing(store.Location);
        try
        {
            string check = Convert.ToHexString(keys.Check(description.CheckedLines())).ToLowerInvariant();
            if (check != description.Check || !JsonTime.TryRead(description.CreatedAt, out var createdAt))
                throw VaultErrors.Damaged(store.Location, "its check does not fit.");
            return new VaultAccess(
                store,
                new VaultInfo
                {
                    Id = id,
                    FormatVersion = description.FormatVersion,
                    ChunkSize = description.ChunkSize,
                    Encrypted = encrypted,
                    CreatedAt = createdAt,
                    Location = store.Location,
                },
                keys,
                openedBy,
                runtime);
        }
        catch
        {
            keys.Dispose();
            throw;
        }
    }

    public static async Task ThrowUnlessEmptyAsync(IObjectStore store, CancellationToken cancellationToken)
    {
        using (var vault = await store.FindAsync(ObjectNames.Vault, int.MaxValue, cancellationToken).ConfigureAwait(false))
        {
            if (vault is not null)
                throw VaultErrors.Exists(store.Location);
        }

        await foreach (var stored in store.ListAsync("", cancellationToken).ConfigureAwait(false))
        {
            // A key slot without a vault.json is what remains of a making that died; it opens nothing.
            if (!stored.Name.StartsWith(ObjectNames.Keys, StringComparison.Ordinal))
                throw VaultErrors.FolderNotEmpty(store.Location, stored.Name);
        }
    }

    private static VaultDescription Describe(Guid id, VaultOptions options, VaultKeys keys, VaultRuntime runtime)
    {
        var description = new VaultDescription
        {
            Format = VaultDescription.FormatName,
            FormatVersion = BackupVault.FormatVersion,
            Id = id.ToString("D"),
            CreatedAt = JsonTime.Write(runtime.Time.GetUtcNow().UtcDateTime),
            ChunkSize = options.ChunkSize,
            Compression = VaultDescription.Zstd,
            Encryption = keys.Encrypted ? VaultDescription.AesGcm : VaultDescription.NoEncryption,
            Check = "",
        };
        return description with { Check = Convert.ToHexString(keys.Check(description.CheckedLines())).ToLowerInvariant() };
    }

    private static async Task<VaultDescription> ReadAsync(IObjectStore store, CancellationToken cancellationToken)
    {
        try
        {
            using var stored = await store.FindAsync(ObjectNames.Vault, VaultDescription.MaximumLength, cancellationToken).ConfigureAwait(false);
            return stored is null
                ? throw VaultErrors.NotFound(store.Location)
                : VaultDescription.Read(stored.Memory, store.Location);
        }
        catch (AzsException exception) when (exception.ErrorId == "ObjectTooLong")
        {
            throw VaultErrors.Damaged(store.Location, "it is far too long.", exception);
        }
    }

    private static async Task<(VaultKeys Keys, KeySlot? OpenedBy)> FindKeysAsync(IObjectStore store, VaultSecret secret, Guid id, CancellationToken cancellationToken)
    {
        byte[] masterKey = new byte[VaultKeys.Length];
        var slots = await KeySlots.ListAsync(store, cancellationToken).ConfigureAwait(false);
        try
        {
            foreach (var slot in slots.Where(secret.MayOpen).Take(KeySlots.MaximumTries))
            {
                if (await Task.Run(() => secret.TryUnwrap(slot, id, masterKey), cancellationToken).ConfigureAwait(false))
                    return (VaultKeys.From(masterKey, id), slot);
            }
        }
        finally
        {
            CryptographicOperations.ZeroMemory(masterKey);
        }

        throw slots.Count == 0
            ? VaultErrors.Damaged(store.Location, "none of its key slots can be read.")
            : secret.Refused(store.Location);
    }
}
