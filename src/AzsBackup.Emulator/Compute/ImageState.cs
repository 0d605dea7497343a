namespace AzsBackup.Emulator.Compute;

/// <summary>What a custom image keeps beside its body: the OS disk first, then the data disks.</summary>
internal sealed record ImageState(IReadOnlyList<ImageDisk> Disks);
