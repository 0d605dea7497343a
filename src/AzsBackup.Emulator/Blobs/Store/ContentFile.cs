using Microsoft.Win32.SafeHandles;

namespace AzsBackup.Emulator.Blobs.Store;

/// <summary>A file that holds one block. Counted by the blobs, snapshots and block lists that use it, and by who reads it; the last one to go deletes it.</summary>
/// <param name="store">Where it lies.</param>
/// <param name="id">Its number in the store.</param>
/// <param name="length">Bytes.</param>
/// <param name="users">Who uses it: its maker, unless the users are still to be counted.</param>
internal sealed class ContentFile(ContentStore store, long id, long length, int users = 1)
{
    private int _users = users;

    public long Id { get; } = id;

    /// <summary>Bytes.</summary>
    public long Length { get; } = length;

    public void AddUser() => Interlocked.Increment(ref _users);

    /// <summary>Ends a use; within a change of the state, when that is written: a restart before must find the file.</summary>
    public void Release() => store.Afterwards(() =>
    {
        if (Interlocked.Decrement(ref _users) == 0)
            store.Delete(Id);
    });

    public SafeFileHandle Open() => store.Open(Id);
}
