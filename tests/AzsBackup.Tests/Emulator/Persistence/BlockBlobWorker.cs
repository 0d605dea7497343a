using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using Xunit;

namespace AzsBackup.Tests.Emulator.Persistence;

/// <summary>Puts, stages, commits and deletes block blobs of its own.</summary>
internal sealed class BlockBlobWorker(string prefix, int seed) : IKilledWorker
{
    private readonly Random _random = new(seed);
    private readonly Dictionary<string, Content> _contents = new(StringComparer.Ordinal);
    private (string Name, Content After)? _pending;

    public async Task StepAsync(StackClient client, CancellationToken cancellationToken)
    {
        string name = prefix + _random.Next(4);
        Content before = _contents.GetValueOrDefault(name, Content.None);
        BlockBlobClient blob = client.Container.GetBlockBlobClient(name);
        byte[] bytes = new byte[_random.Next(1, 100_000)];
        _random.NextBytes(bytes);
        int choice = _random.Next(10);
        Content after;
        if (choice < 4)
        {
            Begin(name, after = new Content(bytes, []));
            using MemoryStream stream = new(bytes);
            await blob.UploadAsync(stream, cancellationToken: cancellationToken);
        }
        else if (choice < 7)
        {
            string id = Convert.ToBase64String(BitConverter.GetBytes(_random.Next()));
            Begin(name, after = before with { Blocks = [.. before.Blocks, (id, bytes)] });
            using MemoryStream stream = new(bytes);
            await blob.StageBlockAsync(id, stream, cancellationToken: cancellationToken);
        }
        else if (choice < 9)
        {
            if (before.Blocks.Count == 0)
                return;
            Begin(name, after = new Content([.. before.Blocks.SelectMany(block => block.Bytes)], []));
            await blob.CommitBlockListAsync(before.Blocks.Select(block => block.Id), cancellationToken: cancellationToken);
        }
        else
        {
            if (before.Bytes is null)
                return;
            Begin(name, after = Content.None);
            await blob.DeleteAsync(cancellationToken: cancellationToken);
        }

        _contents[name] = after;
        _pending = null;
    }

    public async Task VerifyAsync(StackClient client, CancellationToken cancellationToken)
    {
        Dictionary<string, Content> found = new(StringComparer.Ordinal);
        await foreach (BlobItem item in client.Container.GetBlobsAsync(BlobTraits.None, BlobStates.Uncommitted, prefix, cancellationToken))
        {
            BlockBlobClient blob = client.Container.GetBlockBlobClient(item.Name);
            BlockList blocks = await blob.GetBlockListAsync(BlockListTypes.Uncommitted, cancellationToken: cancellationToken);
            Content expected = _contents.GetValueOrDefault(item.Name, Content.None);
            byte[]? bytes = await blob.ExistsAsync(cancellationToken) ? (await blob.DownloadContentAsync(cancellationToken)).Value.Content.ToArray() : null;
            // Staged bytes can be read only when they are committed; until then their ids and sizes are compared.
            IEnumerable<(string Id, byte[] Bytes)> known = expected.Blocks.Concat(_pending?.After.Blocks ?? []);
            found[item.Name] = new Content(bytes, [.. blocks.UncommittedBlocks.Select(block => known.First(one => one.Id == block.Name && one.Bytes.Length == block.SizeLong))]);
        }

        foreach (string name in found.Keys.Union(_contents.Keys).ToList())
        {
            Content actual = found.GetValueOrDefault(name, Content.None);
            bool isPending = _pending?.Name == name && actual.IsSame(_pending.Value.After);
            Assert.True(isPending || actual.IsSame(_contents.GetValueOrDefault(name, Content.None)), $"{name} is not what was acknowledged, nor what was under way.");
            _contents[name] = actual;
        }

        _pending = null;
    }

    private void Begin(string name, Content after) => _pending = (name, after);

    private sealed record Content(byte[]? Bytes, IReadOnlyList<(string Id, byte[] Bytes)> Blocks)
    {
        public static Content None { get; } = new(null, []);

        public bool IsSame(Content other) =>
            (Bytes ?? []).AsSpan().SequenceEqual(other.Bytes ?? []) && Bytes is null == other.Bytes is null
            && Blocks.Select(block => block.Id).Order(StringComparer.Ordinal).SequenceEqual(other.Blocks.Select(block => block.Id).Order(StringComparer.Ordinal));
    }
}
