namespace AzsBackup.Emulator.Blobs.Store;

/// <summary>The copy a blob came from. Within a stack it is done at once, so it is only ever told of as a success.</summary>
/// <param name="Id">Made up by the service.</param>
/// <param name="Source">The address as it was given, without the credentials in it.</param>
/// <param name="CompletedAt">When it was done.</param>
/// <param name="Length">Bytes copied.</param>
internal sealed record BlobCopy(string Id, string Source, DateTimeOffset CompletedAt, long Length);
