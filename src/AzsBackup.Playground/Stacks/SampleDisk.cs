namespace AzsBackup.Playground.Stacks;

/// <summary>A disk of the emulated stack's sample estate.</summary>
/// <param name="VmName">The VM it belongs to.</param>
/// <param name="Lun">The data disk's logical unit number; null for the OS disk.</param>
/// <param name="Id">Its ARM id with <c>{subscriptionId}</c> in it, or the address of an unmanaged disk's blob.</param>
/// <param name="SizeBytes">The size it is given.</param>
/// <param name="UsedBytes">How much of that is to be filled, at most.</param>
internal sealed record SampleDisk(string VmName, int? Lun, string Id, long SizeBytes, long UsedBytes)
{
    /// <summary>The name of its image file: the one a restore gives the disk, too.</summary>
    public string FileName => $"{VmName}-{(Lun is { } lun ? $"lun{lun}" : "os")}.vhd";
}
