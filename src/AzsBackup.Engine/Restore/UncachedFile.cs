using System.Runtime.InteropServices;
using System.Text;
using AzsBackup.Engine.Disks;
using Microsoft.Win32.SafeHandles;

namespace AzsBackup.Engine.Restore;

/// <summary>
/// A second handle on a file, whose writes go past the system's cache: copying a whole disk into the cache costs as much
/// processor time as decrypting it, and drives out what else the machine has there. Linux only; elsewhere, and on file systems that
/// can't, there is none.
/// </summary>
internal sealed class UncachedFile : IDisposable
{
    // O_WRONLY and O_CLOEXEC of fcntl.h are the same everywhere; O_DIRECT is not.
    private const int WriteOnly = 1;
    private const int CloseOnExecute = 0x80000;
    private const int DirectOnX64 = 0x4000;
    private const int DirectOnArm64 = 0x10000;

    private readonly SafeFileHandle _handle;
    private volatile bool _refused;

    private UncachedFile(SafeFileHandle handle) => _handle = handle;

    /// <summary>Opens a file, which must exist, once more; null where there is no such thing.</summary>
    public static UncachedFile? TryOpen(string file)
    {
        if (!OperatingSystem.IsLinux() || DirectFlag is not { } direct) return null;
        var descriptor = Open(Encoding.UTF8.GetBytes(file + '\0'), WriteOnly | CloseOnExecute | direct);
        return descriptor < 0 ? null : new UncachedFile(new SafeFileHandle(descriptor, ownsHandle: true));
    }

    /// <summary>Writes bytes at an offset, if both are as the file system wants them. Concurrent writes to different places are fine.</summary>
    /// <param name="offset">Where, in bytes.</param>
    /// <param name="bytes">From a <see cref="PieceBuffer"/>'s beginning.</param>
    /// <param name="cancellationToken">Stops the writing.</param>
    /// <returns>Whether they were written. If not, nothing is known of these bytes of the file: they are to be written the usual way.</returns>
    public async ValueTask<bool> TryWriteAsync(long offset, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        if (_refused || offset % PieceBuffer.Alignment != 0 || bytes.Length % PieceBuffer.Alignment != 0) return false;
        try
        {
            await RandomAccess.WriteAsync(_handle, bytes, offset, cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (IOException)
        {
            // It may want larger blocks, or can't at all; if the disk is full or broken, the usual way says so.
            _refused = true;
            return false;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _handle.Dispose();

    private static int? DirectFlag => RuntimeInformation.ProcessArchitecture switch
    {
        Architecture.X64 => DirectOnX64,
        Architecture.Arm64 => DirectOnArm64,
        _ => null,
    };

    // Not File.OpenHandle, which would ask for the lock that the first handle holds.
    [DllImport("libc", EntryPoint = "open", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Open(byte[] path, int flags);
}
