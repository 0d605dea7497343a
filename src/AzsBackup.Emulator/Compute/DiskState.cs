using System.Text.Json.Serialization;
using AzsBackup.Emulator.Pages;

namespace AzsBackup.Emulator.Compute;

/// <summary>What a disk or a snapshot keeps beside its body.</summary>
internal sealed class DiskState(PageVolume volume)
{
    /// <summary>The disk's bytes and its VHD footer.</summary>
    public PageVolume Volume { get; } = volume;

    /// <summary>Bytes without the footer.</summary>
    [JsonIgnore]
    public long Size => Volume.Length - VhdFooter.Length;

    /// <summary>The URI given out, while it is neither revoked nor known to have expired.</summary>
    public Uri? GrantUri { get; set; }

    public DateTimeOffset GrantEndsAt { get; set; }
}
