using AzsBackup.Engine.Disks;
using AzsBackup.Engine.Restore;
using AzsBackup.Model;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Xunit;

namespace AzsBackup.Tests.Engine.Restore;

public sealed class PartialFileTests : IDisposable
{
    private const int Block = PieceBuffer.Alignment;
    private const int Blocks = 64;

    private readonly string _folder = Directory.CreateTempSubdirectory("azsbackup-test-").FullName;
    private readonly TransferBudget _budget = new(2 * TransferBudget.PieceLength);

    public void Dispose()
    {
        _budget.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>Each write: the block where it begins, how many blocks, whether it begins or ends within one, whether its memory is aligned.</summary>
    [Property(MaxTest = 60)]
    public Property Writes_OfAnyAlignment_AreInTheFile() => Prop.ForAll(
        (from block in Gen.Choose(0, Blocks - 1)
         from count in Gen.Choose(1, 8)
         from kind in Gen.Choose(0, 7)
         select (block, count, kind)).ListOf(10).ToArbitrary(),
        writes => RunAsync(writes).GetAwaiter().GetResult());

    [Fact]
    public async Task Abandoned_LeavesNothing()
    {
        var path = Path.Combine(_folder, "abandoned.vhd");
        using (var file = PartialFile.Create(path, Block))
        {
            await file.WriteAsync(0, new byte[Block], TestContext.Current.CancellationToken);
        }

        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder));
    }

    [Fact]
    public void WhileBeingWritten_NobodyElseMayWriteIt()
    {
        var path = Path.Combine(_folder, "taken.vhd");
        using var file = PartialFile.Create(path, Block);
        Assert.Equal("RestorePathNotWritable", Assert.Throws<AzsException>(() => PartialFile.Create(path, Block)).ErrorId);
    }

    private async Task<bool> RunAsync(IEnumerable<(int Block, int Count, int Kind)> writes)
    {
        var path = Path.Combine(_folder, Guid.NewGuid().ToString("N"));
        var expected = new byte[(Blocks * Block) + 512];
        var value = (byte)0;
        using (var file = PartialFile.Create(path, expected.Length))
        {
            using var buffer = await _budget.TakeAsync(CancellationToken.None);
            foreach (var (block, count, kind) in writes)
            {
                var offset = (block * Block) + (kind % 2 * 512);
                var length = Math.Min((count * Block) - (kind / 2 % 2 * 100), expected.Length - offset);
                var bytes = kind < 4 ? buffer.Slice(length) : new byte[length];
                bytes.Span.Fill(++value);
                bytes.Span.CopyTo(expected.AsSpan(offset));
                await file.WriteAsync(offset, bytes, CancellationToken.None);
            }

            file.Complete();
        }

        return (await File.ReadAllBytesAsync(path)).AsSpan().SequenceEqual(expected);
    }
}
