using System.Globalization;

namespace AzsBackup.Emulator.Blobs.Http;

/// <summary>A range header: bytes=first-last or bytes=first-. Both ends are inclusive.</summary>
internal readonly record struct ByteRange(long First, long? Last)
{
    /// <summary>The range asked for: x-ms-range goes before Range. Null if none is given in a form the service knows: the request is then about the whole.</summary>
    public static ByteRange? From(BlobRequest request) => Parse(request.Header("x-ms-range") ?? request.Header("Range"));

    public static ByteRange? Parse(string? header)
    {
        const string Unit = "bytes=";
        if (header is null || !header.StartsWith(Unit, StringComparison.OrdinalIgnoreCase))
            return null;
        var ends = header[Unit.Length..].Split('-');
        if (ends.Length != 2 || !TryNumber(ends[0], out var first))
            return null;
        if (ends[1].Length == 0)
            return new ByteRange(first, null);
        return TryNumber(ends[1], out var last) && last >= first ? new ByteRange(first, last) : null;
    }

    /// <summary>Offset and length of the part of a resource the range covers.</summary>
    /// <exception cref="BlobException">416: the range begins behind the end.</exception>
    public (long Offset, long Length) Within(long length)
    {
        if (First >= length)
            throw BlobErrors.InvalidRange(length);
        return (First, Math.Min(Last ?? long.MaxValue - 1, length - 1) - First + 1);
    }

    private static bool TryNumber(string text, out long number) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
