using System.Text.Json;
using AzsBackup.Model;
using AzsBackup.Vault.Format;

namespace AzsBackup.Vault.Settings;

/// <summary>
/// What is kept in the vault under a name and changes now and then. A change is a new version, written once; of two who change
/// the same version the first one wins and the other is told. Needs to create, read and list only (FORMAT.md §14).
/// </summary>
/// <param name="vault">The vault; must stay open.</param>
public sealed class VaultSettings(BackupVault vault)
{
    /// <summary>The version before the first one.</summary>
    public const int NoVersion = -1;

    private readonly VaultAccess _access = vault.Access;

    /// <summary>The settings of a kind in their newest versions, in no order: removed ones too, and any that can't be read, whatever their kind.</summary>
    /// <param name="kind">The kind.</param>
    /// <param name="cancellationToken">Stops the listing.</param>
    public async Task<IReadOnlyList<VaultSetting>> ListAsync(string kind, CancellationToken cancellationToken)
    {
        var settings = new List<VaultSetting>();
        foreach (var (folder, numbers) in await ListFoldersAsync(_access, RecordNames.Settings, cancellationToken).ConfigureAwait(false))
        {
            if (await ReadAsync(folder, numbers.Max, cancellationToken).ConfigureAwait(false) is { } setting && (setting.Damage is not null || setting.Kind == kind))
                settings.Add(setting);
        }

        return settings;
    }

    /// <summary>The newest version of a setting, if it was removed too; <see langword="null"/> if there never was one.</summary>
    /// <param name="kind">The kind.</param>
    /// <param name="name">The name; one that ignores case is given in one case.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    public async Task<VaultSetting?> FindAsync(string kind, string name, CancellationToken cancellationToken)
    {
        string folder = FolderOf(kind, name);
        var folders = await ListFoldersAsync(_access, folder, cancellationToken).ConfigureAwait(false);
        return folders.TryGetValue(folder, out var numbers) ? await ReadAsync(folder, numbers.Max, cancellationToken).ConfigureAwait(false) : null;
    }

    /// <summary>Writes the next version of a setting.</summary>
    /// <param name="kind">The kind.</param>
    /// <param name="name">The name; one that ignores case is given in one case.</param>
    /// <param name="content">What to keep: a JSON object; <see langword="null"/> to remove the setting.</param>
    /// <param name="after">The version that this one is to follow, as it was read; <see cref="NoVersion"/> if there was none.</param>
    /// <param name="cancellationToken">Stops the writing; then it is there or not.</param>
    /// <returns>The version written.</returns>
    /// <exception cref="AzsException"><c>VaultSettingChanged</c>: somebody else wrote the version after that one; or a failure of the store.</exception>
    public async Task<VaultSetting> WriteAsync(string kind, string name, JsonElement? content, int after, CancellationToken cancellationToken)
    {
        string folder = FolderOf(kind, name);
        var folders = await ListFoldersAsync(_access, folder, cancellationToken).ConfigureAwait(false);
        int newest = folders.TryGetValue(folder, out var numbers) ? numbers.Max : NoVersion;
        if (newest != after || newest == RecordNames.MaximumNumber)
            throw VaultErrors.SettingChanged(name, _access.Info.Location);

        string objectName = RecordNames.Setting(folder, after + 1);
        var document = new SettingDocument
        {
            SettingVersion = SettingDocument.CurrentVersion,
            Kind = kind,
            Name = name,
            MadeAt = JsonTime.Write(_access.Runtime.Time.GetUtcNow().UtcDateTime),
            Removed = content is null,
            Content = content ?? JsonSerializer.SerializeToElement(new { }),
        };
        using var sealedContent = _access.Sealer.Seal(ObjectRole.Setting, objectName, document.Write());
        await _access.Store.TryCreateAsync(objectName, sealedContent.Memory, cancellationToken).ConfigureAwait(false);
        await _access.Store.FlushAsync(cancellationToken).ConfigureAwait(false);

        // Two may both be told that they created it: one content has won.
        using var stored = await _access.FindSealedAsync(objectName, cancellationToken).ConfigureAwait(false);
        if (stored is null || !stored.Span.SequenceEqual(sealedContent.Span))
            throw VaultErrors.SettingChanged(name, _access.Info.Location);
        return Describe(document, after + 1);
    }

    /// <summary>The numbers of the versions that a listing shows, by folder.</summary>
    internal static async Task<IReadOnlyDictionary<string, SortedSet<int>>> ListFoldersAsync(VaultAccess access, string prefix, CancellationToken cancellationToken)
    {
        access.ThrowIfDisposed();
        var folders = new Dictionary<string, SortedSet<int>>(StringComparer.Ordinal);
        await foreach (var stored in access.Store.ListAsync(prefix, cancellationToken).ConfigureAwait(false))
        {
            if (!RecordNames.TryParseSetting(stored.Name, out string folder, out int number))
                continue;
            if (!folders.TryGetValue(folder, out var numbers))
                folders.Add(folder, numbers = []);
            numbers.Add(number);
        }

        return folders;
    }

    private static VaultSetting Describe(SettingDocument document, int version) => new()
    {
        Kind = document.Kind,
        Name = document.Name,
        Version = version,
        MadeAt = JsonTime.TryRead(document.MadeAt, out var madeAt) ? madeAt : default,
        Removed = document.Removed,
        Content = document.Content,
    };

    private string FolderOf(string kind, string name) => RecordNames.SettingFolder(_access.Keys.NameSetting(kind, name));

    private async Task<VaultSetting?> ReadAsync(string folder, int version, CancellationToken cancellationToken)
    {
        string name = RecordNames.Setting(folder, version);
        try
        {
            using var content = await _access.FindAsync(ObjectRole.Setting, name, cancellationToken).ConfigureAwait(false);
            if (content is null)
                return null;
            return SettingDocument.TryRead(content.Span) is { } setting && FolderOf(setting.Kind, setting.Name) == folder
                ? Describe(setting, version)
                : throw VaultErrors.PointDamaged(name, "its content is not what belongs there.");
        }
        catch (AzsException exception) when (exception.Kind == AzsErrorKind.DataDamaged)
        {
            return new VaultSetting { Kind = "", Name = "", Version = version, Damage = exception.Message };
        }
    }
}
