using System.Runtime.CompilerServices;

namespace AzsBackup.Vault.Sessions;

/// <summary>
/// Which chunks there are, in 16 bytes each: open addressing over the first half of the names. A HashSet would take more than
/// twice that. At 53 to 80 % full this is 20 to 30 bytes a chunk: 200 to 300 MB for ten million chunks (10 TiB at 1 MiB).
/// Not safe for concurrent use.
/// </summary>
internal sealed class ChunkNameSet
{
    // Zero marks an empty place. No name begins with 16 zero bytes: names are hashes.
    private UInt128[] _places = new UInt128[16];

    public int Count { get; private set; }

    public bool Contains(ChunkName name) => Contains(name.Prefix);

    /// <summary>Whether there is a chunk whose name begins so.</summary>
    public bool Contains(UInt128 prefix) => _places[PlaceOf(_places, prefix)] != default;

    public void Add(ChunkName name) => Add(name.Prefix);

    /// <summary>Adds a chunk by the first half of its name.</summary>
    public void Add(UInt128 prefix)
    {
        if ((Count + 1) * 5L > _places.Length * 4L)
            Grow();
        ref UInt128 place = ref _places[PlaceOf(_places, prefix)];
        if (place != default)
            return;
        place = prefix;
        Count++;
    }

    private static int PlaceOf(UInt128[] places, UInt128 prefix)
    {
        int place = (int)Math.BigMul((ulong)prefix, (ulong)places.Length, out _);
        while (places[place] != default && places[place] != prefix)
            place = place + 1 < places.Length ? place + 1 : 0;
        return place;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Grow()
    {
        var places = new UInt128[_places.Length + _places.Length / 2];
        foreach (var prefix in _places)
        {
            if (prefix != default)
                places[PlaceOf(places, prefix)] = prefix;
        }

        _places = places;
    }
}
