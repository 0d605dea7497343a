using AzsBackup.Engine.Disks;

namespace AzsBackup.Engine.Mounting;

/// <summary>How a recovery point is mounted.</summary>
public sealed record MountOptions
{
    /// <summary>Which disks.</summary>
    public DiskSelection Disks { get; init; } = DiskSelection.All;

    /// <summary>
    /// Whether exports have names that can be guessed, and clients that ask are told them: then every user of this machine can
    /// read the disks. Else names have 128 random bits, and only who was given one can read.
    /// </summary>
    public bool Listed { get; init; }
}
