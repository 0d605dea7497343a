namespace AzsBackup.Emulator.Blobs.Store;

/// <summary>Where a lease stands (learn.microsoft.com, "Lease Blob", outcomes of lease operations by state).</summary>
internal enum LeaseState
{
    Available,
    Leased,
    Expired,
    Breaking,
    Broken,
}
