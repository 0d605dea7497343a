using AzsBackup.Emulator.Pages;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace AzsBackup.Tests.Emulator.Pages;

public sealed class PageStoreRestartTests
{
    [Fact]
    public void Restart_AnyHistory_AgreesWithModel() =>
        Prop.ForAll(VolumeHistory.Arbitrary, history =>
        {
            using var stores = new RestartingPageStore();
            history.Run(stores);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(25).WithEndSize(40));

    [Fact]
    public void Restart_VolumesNobodyClaims_AreRemovedWithTheirFiles()
    {
        using var stores = new RestartingPageStore();
        var kept = new VolumeModel(stores.Store.Create(PageVolume.PageSize), [5], [true], [1]);
        kept.Volume.Write(0, Pages(1, 5));
        stores.Store.Create(2 * PageVolume.PageSize).Write(0, Pages(2, 6));
        Assert.Equal(2, Directory.GetFiles(Path.Combine(stores.Directory, "pages")).Length);
        stores.Restart([kept]);
        Assert.Single(Directory.GetFiles(Path.Combine(stores.Directory, "pages")));
        var read = new byte[PageVolume.PageSize];
        kept.Volume.Read(0, read);
        Assert.Equal(Pages(1, 5), read);
    }

    [Fact]
    public void Dispose_LastUserOfEveryLayer_LeavesNoFileAndNoRow()
    {
        Prop.ForAll(VolumeHistory.Arbitrary, history =>
        {
            using var stores = new RestartingPageStore();
            history.Run(stores);
            Assert.True(!Directory.Exists(Path.Combine(stores.Directory, "pages")) || Directory.GetFiles(Path.Combine(stores.Directory, "pages")).Length == 0);
            Assert.Equal((0, 0, 0), stores.Rows);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(5).WithEndSize(40));
    }

    private static byte[] Pages(int count, byte value)
    {
        var bytes = new byte[count * PageVolume.PageSize];
        bytes.AsSpan().Fill(value);
        return bytes;
    }
}
