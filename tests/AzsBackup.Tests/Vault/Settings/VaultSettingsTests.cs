using AzsBackup.Model;
using AzsBackup.Tests.Vault.Golden;
using AzsBackup.Tests.Vault.Stores;
using AzsBackup.Vault;
using AzsBackup.Vault.Copying;
using AzsBackup.Vault.Settings;
using AzsBackup.Vault.Stores;
using AzsBackup.Vault.Verification;
using Xunit;
using static AzsBackup.Tests.Vault.VaultWorkshop;

namespace AzsBackup.Tests.Vault.Settings;

public sealed class VaultSettingsTests
{
    [Fact]
    public async Task Copy_NewVersions_ArriveAndWhatWasChangedInTheCopyStays()
    {
        var (here, there) = (new MemoryStore(), new MemoryStore(location: "there"));
        using var vault = await CreateAsync(here);
        var settings = new VaultSettings(vault);
        await WriteAsync(settings, "a", VaultSettings.NoVersion);
        await WriteAsync(settings, "b", VaultSettings.NoVersion);
        await CopyAsync(vault, there);
        await WriteAsync(settings, "a", 0);
        await WriteAsync(settings, "b", 0);
        using var copy = await OpenAsync(there);
        var copied = new VaultSettings(copy);
        await copied.WriteAsync("test", "b", Details(new { by = "copy" }), 0, Cancel);
        await CopyAsync(vault, there);
        Assert.Equal(1, (await copied.FindAsync("test", "a", Cancel))!.Version);
        Assert.Equal("copy", (await copied.FindAsync("test", "b", Cancel))!.Content.GetProperty("by").GetString());
        Assert.Equal(2, (await copied.ListAsync("test", Cancel)).Count);
        Assert.Empty(await copied.ListAsync("other", Cancel));
    }

    [Fact]
    public async Task Verify_DamagedOrMissingVersion_IsToldAndRepairedFromACopy()
    {
        var (here, there) = (new MemoryStore(), new MemoryStore(location: "there"));
        using var vault = await CreateAsync(here);
        var settings = new VaultSettings(vault);
        for (int version = 0; version < 3; version++)
            await WriteAsync(settings, "a", version - 1);
        await CopyAsync(vault, there);
        string first = here.Objects.Keys.Single(name => name.EndsWith("/0.setting", StringComparison.Ordinal));
        string last = here.Objects.Keys.Single(name => name.EndsWith("/2.setting", StringComparison.Ordinal));
        here.Objects.TryRemove(first, out _);
        here.Objects[last] = (new byte[70], default);
        Assert.NotNull((await settings.FindAsync("test", "a", Cancel))!.Damage);
        using var copy = await OpenAsync(there);
        var (result, damages) = await MaintenanceWorkshop.VerifyAsync(vault, new VerifyOptions { RepairFrom = copy });
        Assert.Equal([first, last], damages.Select(damage => damage.ObjectName).Order(StringComparer.Ordinal));
        Assert.Equal((2, 2), (result.Damaged, result.Repaired));
        Assert.Equal(2, (await settings.FindAsync("test", "a", Cancel))!.Version);
    }

    [Fact]
    public async Task Write_InTheSameMoment_OneWinsAndTheOtherIsTold()
    {
        using var vault = await CreateAsync(new MemoryStore());
        var settings = new VaultSettings(vault);
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 16).Select(writer => Task.Run(
            async () =>
            {
                try
                {
                    return (await settings.WriteAsync("test", "a", Details(new { writer }), VaultSettings.NoVersion, Cancel)).Content.GetProperty("writer").GetInt32();
                }
                catch (AzsException changed) when (changed.ErrorId == "VaultSettingChanged")
                {
                    return -1;
                }
            },
            Cancel)));
        int winner = Assert.Single(outcomes, outcome => outcome >= 0);
        Assert.Equal(winner, (await settings.FindAsync("test", "a", Cancel))!.Content.GetProperty("writer").GetInt32());
    }

    /// <summary>Read by a program that knows FORMAT.md and nothing else.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task IndependentReader_FindsTheNewestVersion(bool encrypted)
    {
        using var folder = new TemporaryFolder();
        using var store = new FolderStore(folder.Path);
        using var vault = await CreateAsync(store, encrypted);
        var settings = new VaultSettings(vault);
        await WriteAsync(settings, "a", VaultSettings.NoVersion);
        await settings.WriteAsync("test", "a", Details(new { written = "twice" }), 0, Cancel);
        var setting = new IndependentReader(folder.Path, encrypted ? "correct horse battery staple" : null).ReadSetting("test", "a");
        Assert.Equal("twice", setting.GetProperty("content").GetProperty("written").GetString());
        Assert.False(setting.GetProperty("removed").GetBoolean());
    }

    private static Task<VaultSetting> WriteAsync(VaultSettings settings, string name, int after) =>
        settings.WriteAsync("test", name, Details(new { after }), after, Cancel);

    private static async Task CopyAsync(BackupVault vault, IObjectStore there)
    {
        await foreach (var _ in new VaultCopy(vault, there, new VaultCopyOptions()).RunAsync(Cancel))
        {
        }
    }
}
