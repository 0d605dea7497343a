using AzsBackup.Emulator.Pages;

namespace AzsBackup.Emulator.Compute;

/// <summary>One disk of a custom image, with bytes of its own.</summary>
/// <param name="Lun">The LUN of a data disk; <see langword="null"/> for the OS disk.</param>
/// <param name="Volume">The bytes, with a VHD footer.</param>
internal sealed record ImageDisk(int? Lun, PageVolume Volume);
