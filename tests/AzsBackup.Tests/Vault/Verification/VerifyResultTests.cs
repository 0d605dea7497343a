using AzsBackup.Vault;
using AzsBackup.Vault.Stores;
using AzsBackup.Vault.Verification;
using Xunit;

namespace AzsBackup.Tests.Vault.Verification;

public sealed class VerifyResultTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task BytesRead_WhetherAnybodyWatchesOrNot_AreThoseOfTheChunks(bool watched)
    {
        using var folder = new TemporaryFolder();
        using var store = new FolderStore(folder["vault"]);
        using var vault = await BackupVault.CreateAsync(store, new VaultOptions(), null, VaultRuntime.System, TestContext.Current.CancellationToken);
        await using (var session = await vault.BeginSessionAsync("test", TestContext.Current.CancellationToken))
        {
            await session.PutChunkAsync(new byte[] { 1, 2, 3 }, TestContext.Current.CancellationToken);
            await session.PutChunkAsync(new byte[] { 4, 5, 6, 7 }, TestContext.Current.CancellationToken);
        }

        await store.FlushAsync(TestContext.Current.CancellationToken);
        var options = new VerifyOptions { Progress = watched ? new Progress<long>() : null };
        var result = await new VaultVerifier(vault, options).RunAsync((_, _) => Task.CompletedTask, TestContext.Current.CancellationToken);

        Assert.Equal(2, result.ChunksRead);
        Assert.Equal(
            new DirectoryInfo(Path.Combine(folder["vault"], "chunks")).EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length),
            result.BytesRead);
    }
}
