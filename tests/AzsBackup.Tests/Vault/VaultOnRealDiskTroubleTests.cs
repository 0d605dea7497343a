using System.Diagnostics;
using AzsBackup.Model;
using AzsBackup.Vault;
using AzsBackup.Vault.Stores;
using Xunit;
using static AzsBackup.Tests.Vault.VaultWorkshop;

namespace AzsBackup.Tests.Vault;

/// <summary>The same trouble with a real file system: one in memory that is small, made read-only, or unmounted in the middle. Mounting needs root.</summary>
public sealed class VaultOnRealDiskTroubleTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private bool _mounted;

    public void Dispose()
    {
        if (_mounted)
            Run("umount", "-l", _folder["disk"]);
        _folder.Dispose();
    }

    [Fact]
    public async Task BackUp_DiskFull_SaysSoAndSucceedsOnceThereIsSpace()
    {
        Mount("size=4m");
        byte[] first = MakeStream([2, 2, 2], 100, seed: 1);
        byte[] second = MakeStream([2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2], 0, seed: 100);
        string id = await BackUpOnceAsync(first);
        var failure = await Assert.ThrowsAsync<AzsException>(() => BackUpOnceAsync(second));
        Assert.Equal((AzsErrorKind.StorageFailed, "VaultStorageFull"), (failure.Kind, failure.ErrorId));
        await AssertRestoresAsync(id, first);
        Run("mount", "-o", "remount,size=64m", _folder["disk"]);
        string next = await BackUpOnceAsync(second);
        await AssertRestoresAsync(next, second);
        await AssertRestoresAsync(id, first);
    }

    [Fact]
    public async Task BackUp_ReadOnlyInTheMiddle_SaysSoAndSucceedsOnceWritable()
    {
        Mount("size=64m");
        byte[] first = MakeStream([2, 1], 100, seed: 1);
        byte[] second = MakeStream([2, 2, 2], 0, seed: 100);
        string id = await BackUpOnceAsync(first);
        var failure = await Assert.ThrowsAsync<AzsException>(() => BackUpOnceAsync(second, () => Run("mount", "-o", "remount,ro", _folder["disk"])));
        Assert.Equal((AzsErrorKind.PermissionDenied, "VaultNotWritable"), (failure.Kind, failure.ErrorId));
        await AssertRestoresAsync(id, first);
        Run("mount", "-o", "remount,rw", _folder["disk"]);
        await AssertRestoresAsync(await BackUpOnceAsync(second), second);
        await AssertRestoresAsync(id, first);
    }

    [Fact]
    public async Task BackUp_UnmountedInTheMiddle_IsNotPublishedIntoTheEmptyFolder()
    {
        Mount("size=64m");
        string other = _folder["again"];
        byte[] first = MakeStream([2, 1], 100, seed: 1);
        byte[] second = MakeStream([2, 2, 2], 0, seed: 100);
        string id = await BackUpOnceAsync(first);

        // A second mount of the same volume keeps it when the first one goes.
        Directory.CreateDirectory(other);
        Run("mount", "--bind", _folder["disk"], other);
        try
        {
            var failure = await Assert.ThrowsAsync<AzsException>(() => BackUpOnceAsync(second, () => Run("umount", "-l", _folder["disk"])));
            Assert.Equal(AzsErrorKind.StorageFailed, failure.Kind);
            Assert.False(Directory.Exists(Path.Combine(_folder["disk"], "points")) && Directory.EnumerateFiles(_folder["disk"], "point.json", SearchOption.AllDirectories).Any());
            Directory.Delete(_folder["disk"], recursive: true);
            Directory.CreateDirectory(_folder["disk"]);
            Run("mount", "--bind", other, _folder["disk"]);
            await AssertRestoresAsync(id, first);
            await AssertRestoresAsync(await BackUpOnceAsync(second), second);
        }
        finally
        {
            Run("umount", "-l", other);
        }
    }

    /// <summary>Without root: a folder whose right to write is taken away; as root, which may always write, by a process of somebody else.</summary>
    [Fact]
    public async Task BackUp_RightTakenAway_SaysSoAndSucceedsOnceGivenBack()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Rights are of another kind there.");
        Assert.SkipWhen(Environment.IsPrivilegedProcess, "Root may write wherever it wants; the test with a read-only file system stands for this one.");
        byte[] first = MakeStream([2, 1], 100, seed: 1);
        byte[] second = MakeStream([2, 2, 2], 0, seed: 100);
        Directory.CreateDirectory(_folder["disk"]);
        string id = await BackUpOnceAsync(first);
        var failure = await Assert.ThrowsAsync<AzsException>(() => BackUpOnceAsync(second, () => Run("chmod", "-R", "a-w", _folder["disk"])));
        Run("chmod", "-R", "u+w", _folder["disk"]);
        Assert.Equal((AzsErrorKind.PermissionDenied, "VaultNotWritable"), (failure.Kind, failure.ErrorId));
        await AssertRestoresAsync(id, first);
        await AssertRestoresAsync(await BackUpOnceAsync(second), second);
    }

    private static void Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        string errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)}: {errors}");
    }

    private void Mount(string options)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess, "Mounting a small file system takes Linux and root.");
        Directory.CreateDirectory(_folder["disk"]);
        using var process = Process.Start(new ProcessStartInfo("mount", ["-t", "tmpfs", "-o", options, "tmpfs", _folder["disk"]]) { RedirectStandardError = true })!;
        string errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.SkipUnless(process.ExitCode == 0, $"Nothing may be mounted here: {errors}");
        _mounted = true;
    }

    /// <summary>A backup as of a process of its own; trouble comes when half of its chunks are put.</summary>
    private async Task<string> BackUpOnceAsync(byte[] stream, Action? inTheMiddle = null)
    {
        using var store = new FolderStore(_folder["disk"]);
        if (!File.Exists(Path.Combine(_folder["disk"], "vault.json")))
            (await CreateAsync(store)).Dispose();
        using var vault = (await OpenAsync(store));
        await using var session = await vault.BeginSessionAsync("test", Cancel);
        int half = stream.Length / ChunkSize / 2 * ChunkSize;
        await PutAsync(session, "half", stream.AsMemory(0, half));
        inTheMiddle?.Invoke();
        var (draft, _) = await PutAsync(session, "disk-0", stream);
        return await session.PublishAsync(
            new PointDraft
            {
                Source = Source,
                Item = Item,
                CreatedAt = DateTime.UnixEpoch,
                Details = Details(new { }),
                Streams = [draft],
                Documents = new Dictionary<string, ReadOnlyMemory<byte>> { ["config.json"] = "{}"u8.ToArray() },
            },
            Cancel);
    }

    private async Task AssertRestoresAsync(string id, byte[] stream)
    {
        using var store = new FolderStore(_folder["disk"]);
        using var vault = await OpenAsync(store);
        Assert.Equal(stream, await RestoreAsync(vault, id));
    }
}
