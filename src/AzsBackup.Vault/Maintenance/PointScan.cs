using AzsBackup.Model;
using AzsBackup.Vault.Format;

namespace AzsBackup.Vault.Maintenance;

/// <summary>
/// Reads the indexes of all points, those included that are not published: their session may be about to do so. An index of
/// a published point that can't be read ends the scan, for nobody knows what it refers to.
/// </summary>
internal sealed class PointScan
{
    private readonly VaultAccess _access;

    private PointScan(VaultAccess access) => _access = access;

    /// <summary>What they refer to.</summary>
    public ChunkReferences References { get; } = new();

    /// <summary>Points without a point.json.</summary>
    public Dictionary<string, PointFolder> Unpublished { get; } = new(StringComparer.Ordinal);

    /// <summary>Points that were given up: nothing of them is needed any more but the point.json that says so.</summary>
    public List<PointFolder> GivenUp { get; } = [];

    /// <summary>Reads all indexes but those of points that are left out.</summary>
    /// <param name="access">The vault.</param>
    /// <param name="folders">The points to read.</param>
    /// <param name="requestsInFlight">How many requests may be under way at once.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <exception cref="AzsException"><c>PointDamaged</c>, or a failure of the store.</exception>
    public static async Task<PointScan> RunAsync(
        VaultAccess access, IEnumerable<PointFolder> folders, int requestsInFlight, CancellationToken cancellationToken)
    {
        var scan = new PointScan(access);
        await RequestWindow.ForEachAsync(folders, requestsInFlight, scan.ReadAsync, cancellationToken).ConfigureAwait(false);
        return scan;
    }

    private async Task ReadAsync(PointFolder folder, CancellationToken cancellationToken)
    {
        if (folder.PointAt is not null)
        {
            string name = ObjectNames.Point(folder.Name);
            using var content = await _access.FindAsync(ObjectRole.Point, name, cancellationToken).ConfigureAwait(false);
            if (content is not null && content.Memory.IsEmpty)
            {
                lock (References)
                    GivenUp.Add(folder);
                return;
            }

            if (content is not null)
            {
                var point = PointDocument.Read(content.Span, name, folder.PointId);
                await ReadPublishedAsync(folder, point, cancellationToken).ConfigureAwait(false);
                return;
            }

            // Removed since the listing; what is left of it is read as of any point without a point.json.
        }

        lock (References)
            Unpublished.Add(folder.Name, folder);
        foreach (string part in folder.Parts)
        {
            if (ObjectNames.TryParsePage(part, out int page))
                await ReadLoosePageAsync(folder.Name + part, page, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task ReadPublishedAsync(PointFolder folder, PointDocument point, CancellationToken cancellationToken)
    {
        try
        {
            foreach (var stream in await PointReader.ReadStreamsAsync(_access, folder.Name, point, cancellationToken).ConfigureAwait(false))
                Add(stream.Chunks.Select(chunk => (chunk.Chunk.Name, chunk.Chunk.Generation)));
        }
        catch (AzsException exception) when (exception.ErrorId == "PointNotFound")
        {
            // Removed meanwhile: whoever does that wants its chunks to go, too.
        }
    }

    private async Task ReadLoosePageAsync(string name, int page, CancellationToken cancellationToken)
    {
        try
        {
            using var content = await _access.FindAsync(ObjectRole.Index, name, cancellationToken).ConfigureAwait(false);
            if (content is null || IndexPage.Read(content.Span, page, _access.Info.ChunkSize) is not { } index)
                return;
            Add(Enumerable.Range(0, index.Count).Select(index.ChunkAt));
        }
        catch (AzsException exception) when (exception.Kind == AzsErrorKind.DataDamaged)
        {
            // A page that can't be read makes a point that can't be restored, should it ever be published: nothing depends on it.
        }
    }

    private void Add(IEnumerable<(ChunkName Name, int Generation)> chunks)
    {
        lock (References)
        {
            foreach (var (name, generation) in chunks)
                References.Add(name, generation);
        }
    }
}
