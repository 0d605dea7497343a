namespace AzsBackup.Playground.Tours;

/// <summary>Two disks that ought to hold the same bytes.</summary>
/// <param name="Name">What to call them.</param>
/// <param name="Expected">Hashes the disk that is right.</param>
/// <param name="Actual">Hashes the other.</param>
internal sealed record DiskPair(
    string Name,
    Func<CancellationToken, Task<string>> Expected,
    Func<CancellationToken, Task<string>> Actual);
