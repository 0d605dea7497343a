using AzsBackup.Vault.Sessions;

namespace AzsBackup.Vault.Maintenance;

/// <summary>Which chunk objects somebody refers to; about 20 to 30 bytes of memory each. Not safe for concurrent changes.</summary>
internal sealed class ChunkReferences
{
    private readonly ChunkNameSet _first = new();
    private readonly HashSet<(ChunkName Name, int Generation)> _later = [];

    public void Add(ChunkName name, int generation)
    {
        if (generation == 0)
            _first.Add(name);
        else
            _later.Add((name, generation));
    }

    public bool Contains(ChunkName name, int generation) => generation == 0 ? _first.Contains(name) : _later.Contains((name, generation));
}
