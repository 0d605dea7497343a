using System.Globalization;

namespace AzsBackup.Emulator.Blobs.Store;

/// <summary>A version of a container or a blob, in the service's form: 0x and the hexadecimal digits of a clock.</summary>
internal readonly record struct ETag(long Value)
{
    /// <summary>The form of headers: with quotes.</summary>
    public string Quoted => $"\"{this}\"";

    /// <summary>The form of blob lists: without quotes.</summary>
    public override string ToString() => "0x" + Value.ToString("X15", CultureInfo.InvariantCulture);
}
