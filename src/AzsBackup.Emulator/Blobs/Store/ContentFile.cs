using Microsoft.Win32.SafeHandles;

namespace AzsBackup.Emulator.Blobs.Store;

/// <summary>A file that holds one block. Counted by the blobs, snapshots and block lists that use it, and by who reads it; the last one to go deletes it.</summary>
internal sealed class ContentFile(string path, long length)
{
    private int _users = 1;

    /// <summary>Bytes.</summary>
    public long Length { get; } = length;

    public void AddUser() => Interlocked.Increment(ref _users);

    public void Release()
    {
        if (Interlocked.Decrement(ref _users) == 0)
            File.Delete(path);
    }

    public SafeFileHandle Open() => File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.Read);
}
