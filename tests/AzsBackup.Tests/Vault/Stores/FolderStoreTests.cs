using AzsBackup.Model;
using AzsBackup.Vault.Stores;
using Xunit;

namespace AzsBackup.Tests.Vault.Stores;

public sealed class FolderStoreTests : ObjectStoreContract, IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly List<FolderStore> _stores = [];

    public FolderStoreTests() => Store = OpenAnother();

    protected override IObjectStore Store { get; }

    public void Dispose()
    {
        _stores.ForEach(store => store.Dispose());
        _folder.Dispose();
    }

    [Fact]
    public async Task TryCreate_BeforeFlush_HasNoNameOnTheDisk()
    {
        await Store.TryCreateAsync("a/b", Bytes("content"), Cancel);
        Assert.False(File.Exists(_folder["a/b"]));
        await Store.FlushAsync(Cancel);
        Assert.Equal("content", await File.ReadAllTextAsync(_folder["a/b"], Cancel));
        Assert.Equal([_folder["a/b"]], Directory.GetFiles(_folder.Path, "*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task TryCreate_ProcessDiedBeforeFlush_LeavesNothingListed()
    {
        await Store.TryCreateAsync("a/b", Bytes("content"), Cancel);
        var another = OpenAnother();
        Assert.Null(await TextAsync(another, "a/b"));
        Assert.True(await another.TryCreateAsync("a/b", Bytes("second"), Cancel));
        await another.FlushAsync(Cancel);
        Assert.Equal("second", await TextAsync(OpenAnother(), "a/b"));
    }

    [Fact]
    public async Task List_EmptyPrefix_ShowsForeignFilesButNoUnfinishedOnes()
    {
        Directory.CreateDirectory(_folder["My Documents"]);
        await File.WriteAllTextAsync(_folder["My Documents/Foo.txt"], "x", Cancel);
        await File.WriteAllTextAsync(_folder["1.tmp"], "x", Cancel);
        Assert.Equal(["My Documents/Foo.txt"], await NamesAsync(""));
    }

    [Fact]
    public async Task TryCreate_FolderDoesNotExist_MakesIt()
    {
        using var store = new FolderStore(_folder["new/deeper"]);
        Assert.Null(await TextAsync(store, "a"));
        await store.TryCreateAsync("a", Bytes("content"), Cancel);
        await store.FlushAsync(Cancel);
        Assert.Equal("content", await File.ReadAllTextAsync(_folder["new/deeper/a"], Cancel));
    }

    [Fact]
    public async Task TryCreate_PathOverMaxPath_Works()
    {
        using var store = new FolderStore(_folder[string.Join('/', Enumerable.Repeat(new string('x', 60), 5))]);
        await store.TryCreateAsync("points/a", Bytes("content"), Cancel);
        await store.FlushAsync(Cancel);
        Assert.Equal("content", await TextAsync(store, "points/a"));
    }

    [Fact]
    public async Task New_PathIsFile_IsRefused()
    {
        await File.WriteAllTextAsync(_folder["file"], "x", Cancel);
        AssertFails(AzsErrorKind.InvalidInput, "VaultPathIsFile", Assert.Throws<AzsException>(() => new FolderStore(_folder["file"])));
    }

    [Theory]
    [InlineData("")]
    [InlineData("relative/path")]
    public void New_NotFullPath_IsRefused(string path) =>
        AssertFails(AzsErrorKind.InvalidInput, "VaultPathInvalid", Assert.Throws<AzsException>(() => new FolderStore(path)));

    [Fact]
    public async Task TryCreate_FileInTheWay_IsOurFailureAndNotWorse()
    {
        await File.WriteAllTextAsync(_folder["chunks"], "x", Cancel);
        var failure = await Assert.ThrowsAsync<AzsException>(() => Store.TryCreateAsync("chunks/ab/x", Bytes("x"), Cancel));
        AssertFails(AzsErrorKind.StorageFailed, "VaultStorageFailed", failure);
    }

    [Fact]
    public async Task Flush_UnfinishedFileVanished_FailsAndKeepsFailing()
    {
        await Store.TryCreateAsync("a", Bytes("x"), Cancel);
        File.Delete(Directory.GetFiles(_folder.Path, "*.tmp").Single());
        AssertFails(AzsErrorKind.StorageFailed, "VaultStorageFailed", await Assert.ThrowsAsync<AzsException>(() => Store.FlushAsync(Cancel)));
        var again = await Assert.ThrowsAsync<AzsException>(() => Store.FlushAsync(Cancel));
        AssertFails(AzsErrorKind.StorageFailed, "VaultToBeReopened", again);
        Assert.Contains("Get-AzsBackupVault", again.NextStep, StringComparison.Ordinal);
        await OpenAnother().FlushAsync(Cancel);
    }

    [Theory]
    [InlineData(28, AzsErrorKind.StorageFailed, "VaultStorageFull")]
    [InlineData(122, AzsErrorKind.StorageFailed, "VaultStorageFull")]
    [InlineData(30, AzsErrorKind.PermissionDenied, "VaultNotWritable")]
    [InlineData(unchecked((int)0x80070070), AzsErrorKind.StorageFailed, "VaultStorageFull")]
    [InlineData(5, AzsErrorKind.StorageFailed, "VaultStorageFailed")]
    public void Write_SystemError_IsMapped(int code, AzsErrorKind kind, string errorId) =>
        AssertFails(kind, errorId, FolderErrors.Write("/vault", "/vault/a", new IOException("no", code)));

    [Fact]
    public void Write_AccessDenied_IsNotWritable() =>
        AssertFails(AzsErrorKind.PermissionDenied, "VaultNotWritable", FolderErrors.Write("/vault", "/vault/a", new UnauthorizedAccessException()));

    [Fact]
    public void Write_KernelSaysDiskFull_IsMapped()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && File.Exists("/dev/full"), "Needs /dev/full.");

        // The kernel's own "no space left" reaches the mapping as the store would meet it.
        var cause = Assert.ThrowsAny<IOException>(() =>
        {
            using var full = new FileStream("/dev/full", FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
            full.Write(new byte[10]);
        });
        AssertFails(AzsErrorKind.StorageFailed, "VaultStorageFull", FolderErrors.Write(_folder.Path, _folder["a"], cause));
    }

    protected override IObjectStore OpenAnother()
    {
        var store = new FolderStore(_folder.Path);
        _stores.Add(store);
        return store;
    }

    private static void AssertFails(AzsErrorKind kind, string errorId, AzsException failure) =>
        Assert.Equal((kind, errorId), (failure.Kind, failure.ErrorId));
}
