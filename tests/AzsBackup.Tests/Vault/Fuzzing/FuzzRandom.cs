namespace AzsBackup.Tests.Vault.Fuzzing;

/// <summary>SplitMix64: any seed is as good as its neighbour, and an input can be made again from its number alone.</summary>
internal struct FuzzRandom(ulong seed)
{
    private ulong _state = seed;

    public static FuzzRandom For(int seed, long input)
    {
        var random = new FuzzRandom(((ulong)(uint)seed << 32) ^ (ulong)input);
        return new FuzzRandom(random.Next());
    }

    public ulong Next()
    {
        ulong mixed = _state += 0x9E3779B97F4A7C15;
        mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
        return mixed ^ (mixed >> 31);
    }

    /// <summary>0 to <paramref name="limit"/> - 1.</summary>
    public int Below(int limit) => (int)(Next() % (uint)limit);
}
