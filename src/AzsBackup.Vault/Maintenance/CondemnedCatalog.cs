using System.Text.Json;
using AzsBackup.Vault.Format;

namespace AzsBackup.Vault.Maintenance;

/// <summary>The condemned lists and what belongs to them (FORMAT.md §9).</summary>
internal sealed class CondemnedCatalog
{
    private readonly VaultAccess _access;
    private readonly Dictionary<string, CondemnedRecord> _records = new(StringComparer.Ordinal);

    private CondemnedCatalog(VaultAccess access) => _access = access;

    /// <summary>The lists that exist.</summary>
    public IReadOnlyList<CondemnedRecord> Lists => [.. _records.Values.Where(record => record.CreatedAt is not null)];

    public static async Task<CondemnedCatalog> ReadAsync(VaultAccess access, CancellationToken cancellationToken)
    {
        var catalog = new CondemnedCatalog(access);
        await foreach (var stored in access.Store.ListAsync(ObjectNames.CondemnedLists, cancellationToken).ConfigureAwait(false))
        {
            if (!ObjectNames.TryParseId(ObjectNames.CondemnedLists, stored.Name, out string id, out string more))
                continue;
            if (!catalog._records.TryGetValue(id, out var record))
                catalog._records.Add(id, record = new CondemnedRecord(id));
            if (more.Length == 0)
                record.CreatedAt = stored.CreatedAt;
            else if (stored.Name == ObjectNames.Waits(id))
                record.HasWaits = true;
            else
                record.Claims.Add(stored.Name);
        }

        return catalog;
    }

    /// <summary>Writes down, for lists that lack it, which sessions may not have seen them; and removes what belongs to lists that are gone.</summary>
    public async Task CompleteAsync(CancellationToken cancellationToken)
    {
        var incomplete = Lists.Where(list => !list.HasWaits).ToList();
        if (incomplete.Count > 0)
            await WriteWaitsAsync(_access, incomplete.Select(list => list.Id), cancellationToken).ConfigureAwait(false);
        foreach (var list in incomplete)
            list.HasWaits = true;
        foreach (var record in _records.Values.Where(record => record.CreatedAt is null))
        {
            // The listing may have passed the list before it was created: its claims are not made before that.
            using var list = await _access.FindSealedAsync(ObjectNames.Condemned(record.Id), cancellationToken).ConfigureAwait(false);
            if (list is not null)
                continue;
            foreach (string name in record.Claims.Append(ObjectNames.Waits(record.Id)))
                await _access.Store.DeleteAsync(name, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Writes down who is writing now that these lists are durable: whoever begins later reads them first.</summary>
    public static async Task WriteWaitsAsync(VaultAccess access, IEnumerable<string> listIds, CancellationToken cancellationToken)
    {
        var census = await SessionCensus.TakeAsync(access, cancellationToken).ConfigureAwait(false);
        byte[] content = JsonSerializer.SerializeToUtf8Bytes(new WaitsDocument(WaitsDocument.CurrentVersion, [.. census.Living]), VaultJson.Compact);
        foreach (string id in listIds)
        {
            string name = ObjectNames.Waits(id);
            using var sealedContent = access.Sealer.Seal(ObjectRole.Condemned, name, content);

            // Another run may have written it: then its look at the sessions came after the list as well.
            await access.Store.TryCreateAsync(name, sealedContent.Memory, cancellationToken).ConfigureAwait(false);
        }

        await access.Store.FlushAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The lists that nobody claimed, that are older than this, and that every session that can still publish has seen.</summary>
    public async Task<IReadOnlyList<string>> FindReadyAsync(SessionCensus census, DateTime before, CancellationToken cancellationToken)
    {
        var ready = new List<string>();
        foreach (var list in Lists)
        {
            if (list.CreatedAt > before || list.Claims.Count > 0)
                continue;
            string name = ObjectNames.Waits(list.Id);
            using var content = await _access.FindAsync(ObjectRole.Condemned, name, cancellationToken).ConfigureAwait(false);
            if (content is not null && !WaitsDocument.Read(content.Span, name).Sessions.Any(census.Lives))
                ready.Add(list.Id);
        }

        return ready;
    }
}
