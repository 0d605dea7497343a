using AzsBackup.Engine.Restore;
using AzsBackup.Tests.Engine.Fakes;
using FsCheck;
using FsCheck.Xunit;
using Xunit;

namespace AzsBackup.Tests.Engine.Restore;

public sealed class PageBlobSinkTests
{
    private const int Block = 64 << 10;

    [Property(MaxTest = 50)]
    public async Task Write_AnyPatternOfZeroBlocks_WritesExactlyTheOthers(bool[] used, byte tail)
    {
        var length = used.Length * Block + tail * 512;
        var content = new byte[length];
        var random = new Random(used.Length);
        for (var block = 0; block < used.Length; block++)
        {
            if (used[block]) content[block * Block + random.Next(Block)] = 1;
        }

        if (tail > 0) content[^1] = 1;
        var blob = new MemoryPageBlob();
        await blob.CreateAsync(length + 4096, TestContext.Current.CancellationToken);

        var written = await new PageBlobSink(blob).WriteAsync(4096, content, TestContext.Current.CancellationToken);

        Assert.Equal(content, blob.ToArray()[4096..]);
        var blocks = content.Chunk(Block).Where(block => block.AsSpan().ContainsAnyExcept((byte)0)).Sum(block => (long)block.Length);
        Assert.Equal(blocks, written);
    }
}
