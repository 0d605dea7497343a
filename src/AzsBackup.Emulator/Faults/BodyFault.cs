namespace AzsBackup.Emulator.Faults;

/// <summary>What happens to a body on its way. Offsets and rates in bytes.</summary>
internal sealed record BodyFault
{
    /// <summary>The connection is cut when more than that have passed.</summary>
    public long? DropAfter { get; init; }

    /// <summary>The body ends there, in good order.</summary>
    public long? TruncateAfter { get; init; }

    /// <summary>Nothing passes from there on.</summary>
    public long? StallAfter { get; init; }

    /// <summary>How long a stall lasts; <see langword="null"/>: until the client gives up.</summary>
    public TimeSpan? StallTime { get; init; }

    /// <summary>The byte there arrives with all its bits turned over.</summary>
    public long? FlipAt { get; init; }

    /// <summary>How many pass in a second.</summary>
    public long? Rate { get; init; }

    /// <summary>The next offset at which something happens to bytes from <paramref name="position"/> on, or far away.</summary>
    public long NextStop(long position)
    {
        long stop = long.MaxValue;
        foreach (long? at in (ReadOnlySpan<long?>)[DropAfter, TruncateAfter, StallAfter])
            if (at > position)
                stop = Math.Min(stop, at.Value);
        return stop;
    }

    /// <summary>Turns the byte at <see cref="FlipAt"/> over if it lies in these, which begin at <paramref name="position"/>.</summary>
    public void Flip(long position, Span<byte> bytes)
    {
        if (FlipAt is { } at && at >= position && at - position < bytes.Length)
            bytes[(int)(at - position)] ^= 0xFF;
    }
}
