using System.Collections;
using AzsBackup.Model;

namespace AzsBackup.Engine.Mounting;

/// <summary>What could not be read while a disk was mounted: each chunk once, and no more of them than anybody reads. Safe for concurrent use; whoever walks over it sees those there are at that moment.</summary>
internal sealed class MountWarnings : IReadOnlyCollection<string>
{
    private const int Most = 1000;

    private readonly object _gate = new();
    private readonly List<string> _texts = [];
    private readonly HashSet<(long Chunk, string ErrorId)> _told = [];

    public int Count
    {
        get
        {
            lock (_gate) return _texts.Count;
        }
    }

    public void Add(PointDisk disk, long offset, AzsException failure)
    {
        var chunk = offset / disk.ChunkSize;
        lock (_gate)
        {
            if (_texts.Count >= Most || !_told.Add((chunk, failure.ErrorId))) return;
            var start = chunk * disk.ChunkSize;
            _texts.Add($"Bytes {start} to {Math.Min(start + disk.ChunkSize, disk.Size) - 1} of the disk '{disk.Disk.Name}' can't be read: {failure.Message} {failure.NextStep}");
        }
    }

    public IEnumerator<string> GetEnumerator()
    {
        lock (_gate) return ((IEnumerable<string>)_texts.ToArray()).GetEnumerator();
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
