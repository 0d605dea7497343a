using AzsBackup.Model;
using AzsBackup.Vault.Format;
using AzsBackup.Vault.Settings;

namespace AzsBackup.Vault.Copying;

/// <summary>Copies settings: the versions that a copy lacks. A setting that was changed in the copy is left as it is there (FORMAT.md §14).</summary>
internal sealed class SettingTransfer(VaultAccess source, VaultAccess destination)
{
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var there = await VaultSettings.ListFoldersAsync(destination, RecordNames.Settings, cancellationToken).ConfigureAwait(false);
        foreach (var (folder, numbers) in await VaultSettings.ListFoldersAsync(source, RecordNames.Settings, cancellationToken).ConfigureAwait(false))
        {
            int newest = there.TryGetValue(folder, out var known) ? known.Max : VaultSettings.NoVersion;
            if (newest == VaultSettings.NoVersion || (numbers.Contains(newest) && await AreEqualAsync(RecordNames.Setting(folder, newest), cancellationToken).ConfigureAwait(false)))
                await CopyAsync(folder, numbers.Where(number => number > newest), cancellationToken).ConfigureAwait(false);
        }

        await destination.Store.FlushAsync(cancellationToken).ConfigureAwait(false);
    }

    private async Task<bool> AreEqualAsync(string name, CancellationToken cancellationToken)
    {
        using var here = await source.FindSealedAsync(name, cancellationToken).ConfigureAwait(false);
        using var there = await destination.FindSealedAsync(name, cancellationToken).ConfigureAwait(false);
        return here is not null && there is not null && here.Span.SequenceEqual(there.Span);
    }

    private async Task CopyAsync(string folder, IEnumerable<int> ascending, CancellationToken cancellationToken)
    {
        foreach (int number in ascending)
        {
            string name = RecordNames.Setting(folder, number);
            using var stored = await source.FindSealedAsync(name, cancellationToken).ConfigureAwait(false);
            if (stored is null || !IsWhole(name, stored.Memory.ToArray()))
                return;
            await destination.Store.TryCreateAsync(name, stored.Memory, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>A damaged version is not copied, nor are those after it: verifying the source names it.</summary>
    private bool IsWhole(string name, byte[] stored)
    {
        try
        {
            using var content = source.Sealer.Open(ObjectRole.Setting, name, stored);
            return SettingDocument.TryRead(content.Span) is not null;
        }
        catch (AzsException exception) when (exception.Kind == AzsErrorKind.DataDamaged)
        {
            return false;
        }
    }
}
