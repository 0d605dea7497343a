using System.Runtime.InteropServices;
using AzsBackup.Engine.Disks;
using Xunit;

namespace AzsBackup.Tests.Engine.Disks;

public sealed class TransferBudgetTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Take_BeyondTheBudget_WaitsForABufferToComeBack()
    {
        using var budget = new TransferBudget((3 * TransferBudget.PieceLength) + 1);
        var lent = new List<PieceBuffer>();
        for (var i = 0; i < 3; i++) lent.Add(await budget.TakeAsync(Stop));
        var waiting = budget.TakeAsync(Stop).AsTask();
        Assert.False(waiting.IsCompleted);

        lent[1].Dispose();
        lent[1].Dispose();
        var fourth = await waiting;
        var fifth = budget.TakeAsync(Stop).AsTask();
        Assert.False(fifth.IsCompleted);
        fourth.Dispose();
        (await fifth).Dispose();
    }

    [Fact]
    public async Task Buffers_AreAlignedWholeAndApart()
    {
        using var budget = new TransferBudget(4 * TransferBudget.PieceLength);
        var lent = new List<PieceBuffer>();
        for (byte i = 0; i < 4; i++)
        {
            lent.Add(await budget.TakeAsync(Stop));
            lent[i].Slice(TransferBudget.PieceLength).Span.Fill(i);
        }

        for (byte i = 0; i < 4; i++)
        {
            var bytes = lent[i].Slice(TransferBudget.PieceLength);
            Assert.False(bytes.Span.ContainsAnyExcept(i));
            Assert.Equal(0, AddressOf(bytes) % PieceBuffer.Alignment);
            lent[i].Dispose();
        }

        Assert.Throws<ObjectDisposedException>(() => lent[0].Slice(1));
    }

    private static nint AddressOf(ReadOnlyMemory<byte> bytes)
    {
        Assert.True(MemoryMarshal.TryGetArray(bytes, out var segment));
        return Marshal.UnsafeAddrOfPinnedArrayElement(segment.Array!, segment.Offset);
    }
}
