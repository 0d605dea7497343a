namespace AzsBackup.Module.Tests.Hosting;

/// <summary>Raw images for emulated disks: real bytes of this machine, with holes between them.</summary>
internal static class DiskImages
{
    private const int MiB = 1 << 20;

    /// <summary>Writes an image.</summary>
    /// <param name="path">The file to write.</param>
    /// <param name="size">The disk's size, in MiB.</param>
    /// <param name="variant">Equal variants of a size have equal bytes; neighbouring ones share some MiB.</param>
    /// <param name="used">The MiB that hold data; half of them if left out.</param>
    public static string Write(string path, int size, int variant, int? used = null)
    {
        var source = Directory.GetFiles(Path.GetDirectoryName(typeof(object).Assembly.Location)!, "*.dll")
            .Select(file => new FileInfo(file)).Where(file => file.Length > MiB).OrderBy(file => file.Name, StringComparer.Ordinal).ToList();
        using var target = File.OpenHandle(path, FileMode.Create, FileAccess.Write);
        RandomAccess.SetLength(target, (long)size * MiB);
        var block = new byte[MiB];
        var count = used ?? size / 2;
        for (var i = 0; i < count; i++)
        {
            var number = variant + i;
            var file = source[number % source.Count];
            using var stream = file.OpenRead();
            stream.Position = number / source.Count * (long)MiB % (file.Length - MiB + 1);
            stream.ReadExactly(block);
            RandomAccess.Write(target, block, (long)i * size / count * MiB);
        }

        return path;
    }
}
