namespace AzsBackup.Emulator.Blobs.Http;

/// <summary>One operation of the protocol.</summary>
/// <param name="Name">As the documentation calls it, without spaces.</param>
/// <param name="Resource">What it is about, in the letters of an account SAS: s, c or o.</param>
/// <param name="Permissions">SAS permissions of which any one suffices.</param>
/// <param name="HandleAsync">Carries it out; the request has been authorized.</param>
internal sealed record BlobOperation(string Name, char Resource, string Permissions, Func<BlobRequest, Task> HandleAsync)
{
    /// <summary>Whether a container's stored SAS (sr=c) may do it; of the operations on containers themselves, only listing.</summary>
    public bool IsOpenToContainerSas => Resource == 'o' || (Resource == 'c' && Permissions == "l");
}
