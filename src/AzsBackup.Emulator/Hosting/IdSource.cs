namespace AzsBackup.Emulator.Hosting;

/// <summary>Where the stack's GUIDs and generated names come from: a seeded generator, so that a run can be repeated.</summary>
internal sealed class IdSource
{
    private readonly Lock _gate = new();
    private readonly Random _random;

    /// <param name="seed">What the ids are drawn from.</param>
    /// <param name="restarts">How often a stack of that seed was started before: each start draws other ids.</param>
    public IdSource(int seed, long restarts = 0) => _random = new Random(unchecked(seed + (int)(restarts * 7919)));

    /// <summary>A new version 4 GUID.</summary>
    public Guid NewGuid()
    {
        Span<byte> bytes = stackalloc byte[16];
        lock (_gate)
            _random.NextBytes(bytes);
        bytes[7] = (byte)((bytes[7] & 0x0F) | 0x40);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new Guid(bytes);
    }

    /// <summary>A GUID as ARM writes it, in lower case with dashes.</summary>
    public string NewId() => NewGuid().ToString("D");

    /// <summary>Bytes for a key.</summary>
    public byte[] NewBytes(int count)
    {
        byte[] bytes = new byte[count];
        lock (_gate)
            _random.NextBytes(bytes);
        return bytes;
    }
}
