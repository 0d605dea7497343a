using System.Collections.Concurrent;
using System.Text.Json;
using AzsBackup.Model;
using AzsBackup.Vault;

namespace AzsBackup.Engine.Capture;

/// <summary>
/// A capture kept as a point of a vault, one generation beside the others. The point has one stream: the files one after the
/// other in ordinal order of their paths, those of each resource group beginning at a chunk's start, so that a group in which
/// nothing changed costs nothing in the next generation. Two documents say what is where: <c>files.json</c> and the manifest.
/// Files are kept in memory until the capture is published.
/// </summary>
/// <param name="vault">The vault, opened.</param>
public sealed class CaptureVault(BackupVault vault) : ICaptureStore
{
    /// <summary>The stream's name.</summary>
    public const string StreamName = "raw";

    /// <summary>The document that lists the files.</summary>
    public const string FilesName = "files.json";

    private static readonly JsonSerializerOptions Style = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    private readonly ConcurrentDictionary<string, ReadOnlyMemory<byte>> _files = new(StringComparer.Ordinal);

    /// <summary>The point's id, once the capture is published.</summary>
    public string? PointId { get; private set; }

    /// <summary>Each generation stands for itself: nothing is taken over from an earlier one.</summary>
    public Task<CaptureManifest?> FindEarlierAsync(CancellationToken cancellationToken) => Task.FromResult<CaptureManifest?>(null);

    /// <inheritdoc/>
    public Task WriteAsync(string path, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        _files[path] = content;
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public string Describe(string path) => path;

    /// <inheritdoc/>
    public async Task PublishAsync(CaptureManifest manifest, IReadOnlyList<string> gonePaths, CancellationToken cancellationToken)
    {
        var session = await vault.BeginSessionAsync("configuration capture", cancellationToken).ConfigureAwait(false);
        await using (session.ConfigureAwait(false))
        {
            var chunks = new List<StreamChunk>();
            var places = new List<CaptureVaultFile>();
            foreach (var group in _files.OrderBy(file => file.Key, StringComparer.Ordinal).GroupBy(file => GroupOf(file.Key), StringComparer.Ordinal))
            {
                await PutAsync(session, group, chunks, places, cancellationToken).ConfigureAwait(false);
            }

            var draft = new PointDraft
            {
                Source = manifest.Stack.ToLowerInvariant(),
                Item = "configuration of " + string.Join(' ', manifest.Scopes).ToLowerInvariant(),
                CreatedAt = manifest.CapturedAt,
                Details = new CapturePointDetails { Stack = manifest.Stack, Scopes = manifest.Scopes, Counts = manifest.Counts }.Write(),
                Streams = [new StreamDraft { Name = StreamName, Length = (long)chunks.Count * vault.Info.ChunkSize, Chunks = chunks }],
                Documents = new Dictionary<string, ReadOnlyMemory<byte>>
                {
                    [CaptureManifest.FileName] = manifest.Write(),
                    [FilesName] = JsonSerializer.SerializeToUtf8Bytes(places, Style),
                },
            };
            PointId = await session.PublishAsync(draft, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Reads a capture out of a vault into a folder.</summary>
    /// <param name="vault">The vault, opened.</param>
    /// <param name="pointId">The capture's point.</param>
    /// <param name="folder">Where to; an earlier capture there is replaced.</param>
    /// <param name="cancellationToken">Stops the reading; then the folder holds no manifest of this capture.</param>
    /// <returns>The manifest.</returns>
    /// <exception cref="AzsException">The point can't be read or is no capture (<c>PointIsNoCapture</c>), or the folder can't be written.</exception>
    public static async Task<CaptureManifest> CopyToAsync(BackupVault vault, string pointId, CaptureFolder folder, CancellationToken cancellationToken)
    {
        var point = await vault.OpenPointAsync(pointId, cancellationToken).ConfigureAwait(false);
        if (CapturePointDetails.Read(point.Header) is null) throw NoCapture(pointId);
        var manifest = CaptureManifest.Read((await point.ReadDocumentAsync(CaptureManifest.FileName, cancellationToken).ConfigureAwait(false)).Span, pointId);
        var files = JsonSerializer.Deserialize<List<CaptureVaultFile>>((await point.ReadDocumentAsync(FilesName, cancellationToken).ConfigureAwait(false)).Span, Style)!;
        var earlier = await folder.FindEarlierAsync(cancellationToken).ConfigureAwait(false);
        var stream = point.Streams.Single(stream => stream.Name == StreamName);
        var chunk = new byte[stream.ChunkSize];
        var held = -1L;
        foreach (var file in files)
        {
            var content = new byte[file.Length];
            for (var done = 0; done < file.Length;)
            {
                var at = file.Offset + done;
                if (at / stream.ChunkSize != held)
                {
                    held = at / stream.ChunkSize;
                    await point.ReadChunkAsync(stream, held, chunk, cancellationToken).ConfigureAwait(false);
                }

                var from = (int)(at % stream.ChunkSize);
                var length = Math.Min(file.Length - done, stream.ChunkSize - from);
                chunk.AsSpan(from, length).CopyTo(content.AsSpan(done));
                done += length;
            }

            await folder.WriteAsync(file.Path, content, cancellationToken).ConfigureAwait(false);
        }

        var gone = (earlier?.Resources ?? []).Select(entry => entry.File).OfType<string>().Except(files.Select(file => file.Path), StringComparer.Ordinal);
        await folder.PublishAsync(manifest, [.. gone], cancellationToken).ConfigureAwait(false);
        return manifest;
    }

    private async Task PutAsync(
        VaultSession session,
        IEnumerable<KeyValuePair<string, ReadOnlyMemory<byte>>> files,
        List<StreamChunk> chunks,
        List<CaptureVaultFile> places,
        CancellationToken cancellationToken)
    {
        var chunk = new byte[vault.Info.ChunkSize];
        var used = 0;
        foreach (var (path, content) in files)
        {
            places.Add(new CaptureVaultFile(path, ((long)chunks.Count * chunk.Length) + used, content.Length));
            for (var rest = content; rest.Length > 0;)
            {
                var length = Math.Min(rest.Length, chunk.Length - used);
                rest[..length].CopyTo(chunk.AsMemory(used));
                rest = rest[length..];
                used += length;
                if (used == chunk.Length) await FlushAsync().ConfigureAwait(false);
            }
        }

        if (used > 0) await FlushAsync().ConfigureAwait(false);

        async Task FlushAsync()
        {
            chunks.Add(new StreamChunk(chunks.Count, await session.PutChunkAsync(chunk, cancellationToken).ConfigureAwait(false)));
            Array.Clear(chunk);
            used = 0;
        }
    }

    private static string GroupOf(string path) => string.Join('/', path.Split('/').Take(3));

    private static AzsException NoCapture(string pointId) => new(
        AzsErrorKind.InvalidInput,
        "PointIsNoCapture",
        $"The point {pointId} holds no configuration this version can read.",
        "Give a capture from Get-AzsResourceConfig.",
        pointId);
}
