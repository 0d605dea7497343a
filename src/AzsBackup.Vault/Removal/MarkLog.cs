using AzsBackup.Model;
using AzsBackup.Vault.Format;

namespace AzsBackup.Vault.Removal;

/// <summary>
/// A log of marks, one object for each, numbered without a gap. Two who append at the same time want the same name, and the
/// store lets one of them have it: so all agree on the order, whatever the clocks say (FORMAT.md §11).
/// </summary>
/// <param name="access">The vault.</param>
/// <param name="folder">The prefix of the marks' names.</param>
internal sealed class MarkLog(VaultAccess access, string folder)
{
    private const int Attempts = 100;

    /// <summary>Lists and reads the log.</summary>
    public async Task<MarkState> ReadAsync(CancellationToken cancellationToken)
    {
        var state = await ReadAsync(await ListAsync(cancellationToken).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);

        // A listing may show a mark and miss one that was made before it in the same moment: the next listing shows both.
        return state is { Damage: not null, Removing: false }
            ? await ReadAsync(await ListAsync(cancellationToken).ConfigureAwait(false), cancellationToken).ConfigureAwait(false)
            : state;
    }

    /// <summary>Reads the marks that a listing showed.</summary>
    public async Task<MarkState> ReadAsync(IEnumerable<StoredMark> marks, CancellationToken cancellationToken)
    {
        var state = new MarkState();
        foreach (var stored in marks.OrderBy(mark => mark.Number))
        {
            string name = MaintenanceNames.Mark(folder, stored.Number);
            if (stored.Number != state.Next)
                state.Skip(stored.Number - 1, $"'{MaintenanceNames.Mark(folder, state.Next)}' is missing.");
            try
            {
                using var content = await access.FindAsync(ObjectRole.Mark, name, cancellationToken).ConfigureAwait(false);
                if (content is null)
                    state.Skip(stored.Number, $"'{name}' is missing.");
                else if (MarkDocument.Read(content.Span) is { } mark)
                    state.Add(stored.Number, stored.CreatedAt, mark);
                else
                    state.Skip(stored.Number, $"'{name}' is not a mark that this version knows.");
            }
            catch (AzsException exception) when (exception.Kind == AzsErrorKind.DataDamaged)
            {
                state.Skip(stored.Number, exception.Message);
            }
        }

        return state;
    }

    /// <summary>Appends what is decided on the newest state of the log.</summary>
    /// <param name="decide">The mark to append; <see langword="null"/> for none. Asked again if somebody else was quicker.</param>
    /// <param name="cancellationToken">Stops the appending; then the mark is there or not.</param>
    /// <returns>Whether a mark was appended.</returns>
    public async Task<bool> AppendAsync(Func<MarkState, CancellationToken, Task<MarkDocument?>> decide, CancellationToken cancellationToken)
    {
        for (int attempt = 0; attempt < Attempts; attempt++)
        {
            var state = await ReadAsync(cancellationToken).ConfigureAwait(false);
            if (await decide(state, cancellationToken).ConfigureAwait(false) is not { } mark)
                return false;
            string name = MaintenanceNames.Mark(folder, state.Next);
            using var content = access.Sealer.Seal(ObjectRole.Mark, name, mark.Write());
            await access.Store.TryCreateAsync(name, content.Memory, cancellationToken).ConfigureAwait(false);
            await access.Store.FlushAsync(cancellationToken).ConfigureAwait(false);
            using var stored = await access.FindSealedAsync(name, cancellationToken).ConfigureAwait(false);
            if (stored is not null && stored.Span.SequenceEqual(content.Span))
                return true;
        }

        throw VaultErrors.WriteConflict(MaintenanceNames.Mark(folder, 0));
    }

    private async Task<List<StoredMark>> ListAsync(CancellationToken cancellationToken)
    {
        var marks = new List<StoredMark>();
        await foreach (var stored in access.Store.ListAsync(folder, cancellationToken).ConfigureAwait(false))
        {
            if (MaintenanceNames.TryParseMark(stored.Name[folder.Length..], out int number))
                marks.Add(new StoredMark(number, stored.CreatedAt));
        }

        return marks;
    }
}
