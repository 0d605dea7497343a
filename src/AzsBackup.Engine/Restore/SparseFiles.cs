using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace AzsBackup.Engine.Restore;

/// <summary>Files with holes: on Unix every file may have them, on NTFS a file must be marked first.</summary>
internal static class SparseFiles
{
    // FSCTL_SET_SPARSE of winioctl.h.
    private const uint SetSparse = 0x000900C4;

    /// <summary>Marks an empty file sparse where that is needed. Without it, the file is right but takes its whole length.</summary>
    public static void MarkSparse(SafeFileHandle file)
    {
        if (OperatingSystem.IsWindows()) DeviceIoControl(file, SetSparse, 0, 0, 0, 0, out _, 0);
    }

    [DllImport("kernel32.dll", ExactSpelling = true, SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static extern bool DeviceIoControl(
        SafeFileHandle file, uint code, nint input, uint inputLength, nint output, uint outputLength, out uint returned, nint overlapped);
}
