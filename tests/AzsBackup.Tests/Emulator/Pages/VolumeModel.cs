using AzsBackup.Emulator.Pages;

namespace AzsBackup.Tests.Emulator.Pages;

/// <summary>A volume and what it must be: a byte for each page's content, whether it is allocated, and how often it was touched.</summary>
internal sealed class VolumeModel(PageVolume volume, byte[] values, bool[] allocated, int[] touches)
{
    /// <summary>Another one after a restart.</summary>
    public PageVolume Volume { get; set; } = volume;

    public byte[] Values { get; private set; } = values;

    public bool[] Allocated { get; private set; } = allocated;

    /// <summary>By page, longer than the volume where it has shrunk; a page touched since a snapshot has a higher number than the snapshot.</summary>
    public int[] Touches { get; private set; } = touches;

    /// <summary>The models of snapshots this one descends from.</summary>
    public List<VolumeModel> Ancestors { get; } = [];

    public int Pages => Values.Length;

    public void Set(int page, int count, byte value, bool isAllocated)
    {
        for (var i = page; i < page + count; i++)
            (Values[i], Allocated[i], Touches[i]) = (isAllocated ? value : (byte)0, isAllocated, Touches[i] + 1);
    }

    public void Resize(int pages)
    {
        for (var i = pages; i < Pages; i++)
            Touches[i]++;
        var (values, allocated, touches) = (Values, Allocated, Touches);
        Array.Resize(ref values, pages);
        Array.Resize(ref allocated, pages);
        Array.Resize(ref touches, Math.Max(pages, touches.Length));
        (Values, Allocated, Touches) = (values, allocated, touches);
    }

    public VolumeModel Copy(PageVolume volume)
    {
        var copy = new VolumeModel(volume, [.. Values], [.. Allocated], [.. Touches]);
        copy.Ancestors.AddRange(Ancestors);
        return copy;
    }
}
