using AzsBackup.Model;
using AzsBackup.Vault.Format;
using AzsBackup.Vault.Stores;

namespace AzsBackup.Vault.Verification;

/// <summary>Looks at one object and says what is wrong with it. Safe for concurrent use.</summary>
internal sealed class ObjectProbe(VaultAccess access)
{
    private long _objectsRead;

    public long ObjectsRead => Interlocked.Read(ref _objectsRead);

    /// <summary>Looks at an object as stored.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="maximumLength">The longest it can be, in bytes.</param>
    /// <param name="examine">Says what is wrong with its bytes, which it may change; <see langword="null"/> for nothing.</param>
    /// <param name="cancellationToken">Stops the looking.</param>
    /// <returns><see langword="null"/> if all is well.</returns>
    /// <exception cref="AzsException">The store as a whole can't be read.</exception>
    public async Task<Finding?> LookAsync(string name, int maximumLength, Func<PooledBuffer, Finding?> examine, CancellationToken cancellationToken)
    {
        try
        {
            using var stored = await access.Store.FindAsync(name, maximumLength, cancellationToken).ConfigureAwait(false);
            Interlocked.Increment(ref _objectsRead);
            return stored is null ? new Finding(VaultDamageKind.Missing, $"'{name}' is missing.") : examine(stored);
        }
        catch (AzsException exception) when (exception.Kind == AzsErrorKind.DataDamaged)
        {
            return new Finding(VaultDamageKind.Damaged, exception.Message);
        }
        catch (AzsException exception)
        {
            // One object that can't be read is a finding; a store that can't be read is none.
            using var vault = await access.Store.FindAsync(ObjectNames.Vault, VaultDescription.MaximumLength, cancellationToken).ConfigureAwait(false);
            return new Finding(VaultDamageKind.Unreadable, exception.Message);
        }
    }

    /// <summary>Looks at a sealed object.</summary>
    /// <param name="role">The role that belongs to its name.</param>
    /// <param name="name">Its name.</param>
    /// <param name="examine">Says what is wrong with its plain content; <see langword="null"/> for nothing.</param>
    /// <param name="cancellationToken">Stops the looking.</param>
    public Task<Finding?> LookAsync(ObjectRole role, string name, Func<ReadOnlyMemory<byte>, string?> examine, CancellationToken cancellationToken) =>
        LookAsync(name, ObjectSealer.MaximumContent + ObjectSealer.Overhead, stored => Examine(role, name, stored, examine), cancellationToken);

    /// <summary>Opens a sealed object and lets its content be looked at.</summary>
    public Finding? Examine(ObjectRole role, string name, PooledBuffer stored, Func<ReadOnlyMemory<byte>, string?> examine)
    {
        using var content = access.Sealer.Open(role, name, stored.Span);
        return examine(content.Memory) is { } why ? new Finding(VaultDamageKind.WrongContent, $"'{name}' is damaged: {why}") : null;
    }
}
