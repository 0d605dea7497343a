using System.ComponentModel;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace AzsBackup.Emulator.Pages;

/// <summary>NTFS allocates the gap when one writes far behind the end of a file, unless the file is marked sparse. Unix file systems need no mark.</summary>
internal static class SparseFile
{
    private const uint SetSparse = 0x000900C4; // FSCTL_SET_SPARSE, winioctl.h

    public static void Mark(SafeFileHandle file)
    {
        if (OperatingSystem.IsWindows() && !DeviceIoControl(file, SetSparse, 0, 0, 0, 0, out _, 0))
            throw new IOException("The file system of the emulator's state directory has no sparse files.", new Win32Exception(Marshal.GetLastPInvokeError()));
    }

    [DllImport("kernel32.dll", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static extern bool DeviceIoControl(SafeFileHandle device, uint code, nint input, uint inputSize, nint output, uint outputSize, out uint returned, nint overlapped);
}
