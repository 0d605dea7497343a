using AzsBackup.Emulator.Pages;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace AzsBackup.Tests.Emulator.Pages;

public sealed class PageVolumeTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("azsbackup-pages-").FullName;
    private readonly PageStore _store;

    public PageVolumeTests() => _store = new PageStore(_directory);

    public void Dispose()
    {
        _store.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    [Fact]
    public void Volume_AnyHistory_AgreesWithModel() =>
        Prop.ForAll(VolumeHistory.Arbitrary, history => history.Run(_store)).Check(Config.QuickThrowOnFailure.WithMaxTest(300).WithEndSize(60));

    [Fact]
    public void Dispose_LastUserOfEveryLayer_LeavesNoFile()
    {
        Prop.ForAll(VolumeHistory.Arbitrary, history => history.Run(_store)).Check(Config.QuickThrowOnFailure.WithMaxTest(20).WithEndSize(60));
        Assert.Empty(Directory.GetFiles(_directory));
    }

    [Fact]
    public void Create_OneTebibyte_TakesNoRoom()
    {
        const long Length = 1L << 40;
        using var volume = _store.Create(Length);
        var page = new byte[4096];
        page.AsSpan().Fill(7);
        volume.Write(0, page);
        volume.Write(Length / 2, page);
        volume.Write(Length - 4096, page);
        using var snapshot = volume.Snapshot();
        volume.Clear(0, Length);

        Assert.Equal([new(0, 4096), new(Length / 2, 4096), new(Length - 4096, 4096)], snapshot.GetRanges(0, Length));
        Assert.Empty(volume.GetRanges(0, Length));
        Assert.Equal([new PageDifference(0, Length, IsCleared: true)], volume.GetDifference(snapshot, 0, Length));
        Assert.InRange(Directory.GetFiles(_directory).Sum(DiskUsage), 0, 1 << 20);
    }

    [Fact]
    public async Task Write_WhileOthersRead_NeverShowsHalfASnapshot()
    {
        const int Length = 64 * 4096;
        using var volume = _store.Create(Length);
        volume.Write(0, Filled(Length, 1));
        using var stop = new CancellationTokenSource();
        var writer = Task.Run(
            () =>
            {
                for (byte value = 2; value < 120; value++)
                {
                    volume.Write(0, Filled(Length, value));
                }

                stop.Cancel();
            },
            TestContext.Current.CancellationToken);
        var snapshots = 0;
        do
        {
            using var snapshot = volume.Snapshot();
            var first = new byte[Length];
            snapshot.Read(0, first);
            Assert.Equal(-1, first.AsSpan().IndexOfAnyExcept(first[0]));
            var second = new byte[Length];
            snapshot.Read(0, second);
            Assert.Equal(first, second);
            snapshots++;
        }
        while (!stop.IsCancellationRequested);

        await writer;
        Assert.True(snapshots > 0);
    }

    [Fact]
    public void GetDifference_PagesClearedThatNeverHeldAnything_AreReported()
    {
        // As recorded from the service (test_get_page_ranges_diff): 0-1535 written, then 512-1023 cleared, both since the snapshot.
        using var volume = _store.Create(2048);
        using var earlier = volume.Snapshot();
        volume.Write(0, Filled(1536, 1));
        using var later = volume.Snapshot();
        volume.Clear(512, 512);

        Assert.Equal([new(0, 512, false), new(512, 512, true), new(1024, 512, false)], volume.GetDifference(earlier, 0, 2048));
        Assert.Equal([new PageDifference(512, 512, true)], volume.GetDifference(later, 0, 2048));
    }

    [Fact]
    public void GetDifference_OtherVolume_Throws()
    {
        using var volume = _store.Create(1024);
        using var stranger = _store.Create(1024);
        using var snapshot = stranger.Snapshot();
        Assert.False(volume.IsLaterThan(snapshot));
        Assert.Throws<ArgumentException>(() => volume.GetDifference(snapshot, 0, 1024));
        Assert.Throws<ArgumentException>(() => volume.GetDifference(stranger, 0, 1024));
    }

    [Theory]
    [InlineData(-512, 512)]
    [InlineData(0, 2048)]
    [InlineData(1024, 512)]
    [InlineData(0, 100)]
    [InlineData(256, 512)]
    public void Write_BadRange_ChangesNothing(long offset, int length)
    {
        using var volume = _store.Create(1024);
        Assert.Throws<ArgumentOutOfRangeException>(() => volume.Write(offset, Filled(length, 1)));
        Assert.Throws<ArgumentOutOfRangeException>(() => volume.Clear(offset, length));
        Assert.Empty(volume.GetRanges(0, 1024));
    }

    [Fact]
    public void Write_Snapshot_Throws()
    {
        using var volume = _store.Create(1024);
        using var snapshot = volume.Snapshot();
        Assert.True(snapshot.IsReadOnly);
        Assert.Throws<InvalidOperationException>(() => snapshot.Write(0, new byte[512]));
        Assert.Throws<InvalidOperationException>(() => snapshot.Clear(0, 512));
        Assert.Throws<InvalidOperationException>(() => snapshot.Resize(512));
    }

    [Fact]
    public void Read_Disposed_Throws()
    {
        var volume = _store.Create(1024);
        volume.Dispose();
        volume.Dispose();
        Assert.Throws<ObjectDisposedException>(() => volume.Read(0, new byte[512]));
        Assert.Throws<ObjectDisposedException>(volume.Snapshot);
    }

    private static byte[] Filled(int length, byte value)
    {
        var bytes = new byte[length];
        bytes.AsSpan().Fill(value);
        return bytes;
    }

    private static long DiskUsage(string path)
    {
        // .NET tells only the length of a file, not what it takes; du does.
        if (OperatingSystem.IsWindows())
            return 0;
        using var du = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo("du", ["-k", path]) { RedirectStandardOutput = true })!;
        var kibibytes = du.StandardOutput.ReadToEnd().Split('\t')[0];
        du.WaitForExit();
        return long.Parse(kibibytes, System.Globalization.CultureInfo.InvariantCulture) * 1024;
    }
}
