namespace AzsBackup.Vault.Maintenance;

/// <summary>
/// Which chunk objects somebody needs: those that are referred to, and later generations of them, which stand in for one that
/// is damaged (FORMAT.md §12). About 20 to 30 bytes of memory each. Not safe for concurrent changes.
/// </summary>
internal sealed class ChunkReferences
{
    private readonly Sessions.ChunkNameSet _first = new();
    private readonly Dictionary<UInt128, int> _smallestLater = [];

    public void Add(ChunkName name, int generation)
    {
        if (generation == 0)
            _first.Add(name);
        else if (!_smallestLater.TryGetValue(name.Prefix, out int smallest) || generation < smallest)
            _smallestLater[name.Prefix] = generation;
    }

    public bool Contains(ChunkName name, int generation) => Contains(name.Prefix, generation);

    /// <summary>Whether this generation of the chunk whose name begins so is needed.</summary>
    public bool Contains(UInt128 prefix, int generation) =>
        _first.Contains(prefix) || (_smallestLater.TryGetValue(prefix, out int smallest) && smallest <= generation);
}
