using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace AzsBackup.Vault.Format;

/// <summary>
/// The system's own libzstd, where it has one: on Linux nearly always. It makes and reads the same frames as the managed
/// library, but need not be compiled first, which there costs seconds of each process, and is faster. Nothing of it ships.
/// Source: zstd.h, the stable part of the interface.
/// </summary>
internal static class ZstdNative
{
    private const string Library = "libzstd.so.1";

    /// <summary>1.4.0, as <c>ZSTD_versionNumber</c> tells it: the first with all of today's interface declared stable.</summary>
    private const uint OldestVersion = 10_400;

    /// <summary>Whether it is there and new enough.</summary>
    public static bool IsAvailable { get; } = Look();

    /// <summary>Compresses; <see langword="null"/> if the result does not fit.</summary>
    public static int? Compress(Packing context, ReadOnlySpan<byte> content, Span<byte> destination, int level)
    {
        nuint written = CompressInto(
            context, ref MemoryMarshal.GetReference(destination), (nuint)destination.Length, in MemoryMarshal.GetReference(content), (nuint)content.Length, level);
        return IsError(written) == 0 ? (int)written : null;
    }

    /// <summary>Unpacks; <see langword="null"/> if the packed bytes are damaged or hold more than fits.</summary>
    public static int? Decompress(Unpacking context, ReadOnlySpan<byte> packed, Span<byte> destination)
    {
        nuint written = DecompressInto(
            context, ref MemoryMarshal.GetReference(destination), (nuint)destination.Length, in MemoryMarshal.GetReference(packed), (nuint)packed.Length);
        return IsError(written) == 0 ? (int)written : null;
    }

    private static bool Look()
    {
        if (!OperatingSystem.IsLinux())
            return false;
        try
        {
            return Version() >= OldestVersion;
        }
        catch (Exception exception) when (exception is DllNotFoundException or EntryPointNotFoundException or BadImageFormatException)
        {
            return false;
        }
    }

    [DllImport(Library, EntryPoint = "ZSTD_versionNumber")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern uint Version();

    [DllImport(Library, EntryPoint = "ZSTD_isError")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern uint IsError(nuint code);

    [DllImport(Library, EntryPoint = "ZSTD_compressCCtx")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern nuint CompressInto(Packing context, ref byte destination, nuint capacity, in byte source, nuint length, int level);

    [DllImport(Library, EntryPoint = "ZSTD_decompressDCtx")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern nuint DecompressInto(Unpacking context, ref byte destination, nuint capacity, in byte source, nuint length);

    [DllImport(Library, EntryPoint = "ZSTD_createCCtx")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern nint CreatePacking();

    [DllImport(Library, EntryPoint = "ZSTD_freeCCtx")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern nuint FreePacking(nint context);

    [DllImport(Library, EntryPoint = "ZSTD_createDCtx")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern nint CreateUnpacking();

    [DllImport(Library, EntryPoint = "ZSTD_freeDCtx")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern nuint FreeUnpacking(nint context);

    /// <summary>A context for compressing, for one thread at a time.</summary>
    public sealed class Packing : SafeHandleZeroOrMinusOneIsInvalid
    {
        /// <exception cref="InsufficientMemoryException">There is no memory for it.</exception>
        public Packing() : base(ownsHandle: true)
        {
            SetHandle(CreatePacking());
            if (IsInvalid)
                throw new InsufficientMemoryException();
        }

        protected override bool ReleaseHandle() => FreePacking(handle) == 0;
    }

    /// <summary>A context for unpacking, for one thread at a time.</summary>
    public sealed class Unpacking : SafeHandleZeroOrMinusOneIsInvalid
    {
        /// <exception cref="InsufficientMemoryException">There is no memory for it.</exception>
        public Unpacking() : base(ownsHandle: true)
        {
            SetHandle(CreateUnpacking());
            if (IsInvalid)
                throw new InsufficientMemoryException();
        }

        protected override bool ReleaseHandle() => FreeUnpacking(handle) == 0;
    }
}
