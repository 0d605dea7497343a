using AzsBackup.Vault.Sessions;

namespace AzsBackup.Vault.Maintenance;

/// <summary>A set of chunk objects; about 20 to 30 bytes of memory each. Not safe for concurrent changes.</summary>
internal sealed class ChunkObjectSet
{
    private readonly ChunkNameSet _first = new();
    private readonly HashSet<(UInt128 Prefix, int Generation)> _later = [];

    public int Count => _first.Count + _later.Count;

    public void Add(UInt128 prefix, int generation)
    {
        if (generation == 0)
            _first.Add(prefix);
        else
            _later.Add((prefix, generation));
    }

    public bool Contains(UInt128 prefix, int generation) => generation == 0 ? _first.Contains(prefix) : _later.Contains((prefix, generation));
}
