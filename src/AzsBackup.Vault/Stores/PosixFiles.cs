using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Text;

namespace AzsBackup.Vault.Stores;

/// <summary>
/// Two calls of the C library that .NET does not offer: a rename that never replaces (File.Move looks first and renames then,
/// so two processes can both succeed), and forcing a directory to the disk (without it a rename may be lost in a power cut).
/// </summary>
internal static class PosixFiles
{
    private const int WorkingDirectory = -100;
    private const uint NoReplace = 1;
    private const int FileExists = 17;
    private const int InvalidArgument = 22;
    private const int NotImplemented = 38;
    private const int NotSupported = 95;

    /// <summary>Renames unless the new name exists.</summary>
    /// <returns><see langword="true"/> if renamed, <see langword="false"/> if the new name exists, <see langword="null"/> if this system or file system can't (NFS, macOS).</returns>
    public static bool? TryRename(string from, string to)
    {
        int result;
        try
        {
            result = RenameAt2(WorkingDirectory, Native(from), WorkingDirectory, Native(to), NoReplace);
        }
        catch (EntryPointNotFoundException)
        {
            return null;
        }

        if (result == 0)
            return true;
        int error = Marshal.GetLastPInvokeError();
        return error switch
        {
            FileExists => false,
            InvalidArgument or NotImplemented or NotSupported => null,
            _ => throw new IOException(new Win32Exception(error).Message, error),
        };
    }

    /// <summary>Forces a directory's entries to the disk.</summary>
    public static void FlushDirectory(string path)
    {
        int descriptor = Open(Native(path), 0);
        if (descriptor < 0)
        {
            int error = Marshal.GetLastPInvokeError();
            throw new IOException(new Win32Exception(error).Message, error);
        }

        try
        {
            // Some network file systems refuse to sync a directory; they make a rename durable themselves.
            if (Sync(descriptor) != 0 && Marshal.GetLastPInvokeError() is var error and not (InvalidArgument or NotImplemented or NotSupported))
                throw new IOException(new Win32Exception(error).Message, error);
        }
        finally
        {
            _ = Close(descriptor);
        }
    }

    private static byte[] Native(string path) => Encoding.UTF8.GetBytes(path + '\0');

    [DllImport("libc", EntryPoint = "renameat2", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int RenameAt2(
        int fromDirectory,
        byte[] from,
        int toDirectory,
        byte[] to,
        uint flags);

    [DllImport("libc", EntryPoint = "open", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Open(byte[] path, int flags);

    [DllImport("libc", EntryPoint = "fsync", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Sync(int descriptor);

    [DllImport("libc", EntryPoint = "close")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Close(int descriptor);
}
