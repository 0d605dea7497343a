namespace AzsBackup.Emulator.Hosting;

/// <summary>Where the stack's GUIDs and generated names come from: a seeded generator, so that a run can be repeated.</summary>
internal sealed class IdSource
{
    private readonly Lock _gate = new();
    private readonly Random _random;

    public IdSource(int seed) => _random = new Random(seed);

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
