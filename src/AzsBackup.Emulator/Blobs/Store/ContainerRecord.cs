namespace AzsBackup.Emulator.Blobs.Store;

/// <summary>A container in a fact.</summary>
internal sealed record ContainerRecord(
    string Account, string Name, BlobProperties Properties, string? PublicAccess, IReadOnlyList<KeyValuePair<string, AccessPolicy>> Policies, LeaseTerms Lease);
