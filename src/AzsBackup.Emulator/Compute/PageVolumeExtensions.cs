using AzsBackup.Emulator.Pages;

namespace AzsBackup.Emulator.Compute;

/// <summary>Bytes of one volume into another that exists already.</summary>
internal static class PageVolumeExtensions
{
    /// <summary>Copies what is written in the first <paramref name="length"/> bytes to the same places of a volume that is empty there.</summary>
    public static void CopyTo(this PageVolume from, PageVolume to, long length)
    {
        byte[] buffer = new byte[1 << 20];
        foreach (PageRange range in from.GetRanges(0, length))
        {
            for (long offset = range.Offset; offset < range.End; offset += buffer.Length)
            {
                Span<byte> part = buffer.AsSpan(0, (int)Math.Min(buffer.Length, range.End - offset));
                from.Read(offset, part);
                to.Write(offset, part);
            }
        }
    }
}
