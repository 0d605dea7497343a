using System.Globalization;
using AzsBackup.Vault;
using ZstdSharp;

namespace AzsBackup.Benchmarks.Vm;

/// <summary>A disk on two days.</summary>
/// <param name="First">The raw image of the first day.</param>
/// <param name="Second">That of the second, as long.</param>
internal sealed record DiskPair(string First, string Second)
{
    private const int Chunk = VaultOptions.DefaultChunkSize;

    /// <summary>The disk's size in bytes.</summary>
    public long Length { get; } = new FileInfo(First).Length;

    /// <summary>The share of the disk's chunks that are not the same on both days.</summary>
    public double ChangedShare { get; private set; }

    /// <summary>Takes the pair in a folder, or makes one.</summary>
    /// <exception cref="FormatException">There is none, or it can't be made.</exception>
    public static async Task<DiskPair> PrepareAsync(VmBenchmarkOptions options, string scratch, CancellationToken cancellationToken)
    {
        string? folder = options.Images;
        if (folder is null)
        {
            string script = Path.Combine(AppContext.BaseDirectory, "make-generations.sh");
            string[] arguments = [script, scratch, options.MiB.ToString(CultureInfo.InvariantCulture), "1", "1", "server"];
            await MeasuredProcess.RunAsync("bash", arguments, new Dictionary<string, string>(), null, cancellationToken);
            folder = Path.Combine(scratch, "server");
        }

        var pair = new DiskPair(Path.Combine(folder, "0.img"), Path.Combine(folder, "1.img"));
        return File.Exists(pair.First) && File.Exists(pair.Second) && new FileInfo(pair.Second).Length == pair.Length ? pair
            : throw new FormatException($"'{folder}' has no 0.img and 1.img of one length.");
    }

    /// <summary>What kind of disk it is, for whoever compares figures.</summary>
    public async Task<string> DescribeAsync(CancellationToken cancellationToken)
    {
        using var compressor = new Compressor(1);
        await using var first = File.OpenRead(First);
        await using var second = File.OpenRead(Second);
        var (a, b) = (new byte[Chunk], new byte[Chunk]);
        byte[] packed = new byte[Compressor.GetCompressBound(Chunk)];
        int chunks = 0, changed = 0, zeros = 0, sampled = 0;
        long packedBytes = 0;
        for (; await first.ReadAtLeastAsync(a, Chunk, throwOnEndOfStream: false, cancellationToken) is var length and > 0; chunks++)
        {
            await second.ReadExactlyAsync(b.AsMemory(0, length), cancellationToken);
            changed += a.AsSpan(0, length).SequenceEqual(b.AsSpan(0, length)) ? 0 : 1;
            if (!a.AsSpan(0, length).ContainsAnyExcept((byte)0))
                zeros++;
            else if (chunks % 8 == 0)
                (sampled, packedBytes) = (sampled + 1, packedBytes + compressor.Wrap(a, packed));
        }

        ChangedShare = (double)changed / chunks;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{Length / 1e6:F0} MB, {100.0 * zeros / chunks:F1} % of its chunks of {Chunk >> 10} KiB zeros, the rest packed to 1/{(double)sampled * Chunk / packedBytes:F2} (zstd 1); {100 * ChangedShare:F2} % of the chunks changed on the second day.");
    }

    /// <exception cref="FormatException">The file does not begin with what the image holds.</exception>
    public static async Task CompareAsync(string image, string file, CancellationToken cancellationToken)
    {
        await using var expected = File.OpenRead(image);
        await using var found = File.OpenRead(file);
        var (a, b) = (new byte[4 << 20], new byte[4 << 20]);
        while (await expected.ReadAtLeastAsync(a, a.Length, throwOnEndOfStream: false, cancellationToken) is var length and > 0)
        {
            if (await found.ReadAtLeastAsync(b.AsMemory(0, length), length, throwOnEndOfStream: false, cancellationToken) != length
                || !a.AsSpan(0, length).SequenceEqual(b.AsSpan(0, length)))
                throw new FormatException($"'{file}' is not what was backed up.");
        }
    }
}
