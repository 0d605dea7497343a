using AzsBackup.Engine.Capture;
using AzsBackup.Engine.Stacks;
using AzsBackup.Model;
using AzsBackup.Vault;
using AzsBackup.Vault.Stores;
using Xunit;

namespace AzsBackup.Tests.Engine.Capture;

public sealed class CaptureVaultTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Publish_ThenCopyTo_GivesTheSameFilesAsAFolder()
    {
        await using var rig = await CaptureRig.StartAsync();
        using var vault = await MakeVaultAsync(rig.Folder("vault"));
        await rig.CaptureAsync("folder");
        var store = new CaptureVault(vault);

        var results = await rig.CaptureAsync(store);
        var manifest = await CaptureVault.CopyToAsync(vault, store.PointId!, CaptureFolder.Open(rig.Folder("copy")), Ct);

        Assert.Equal(results.Count, manifest.Resources.Count);
        Assert.Equal(rig.Files("folder"), rig.Files("copy"));
    }

    [Fact]
    public async Task Publish_UnchangedTenantAgain_StoresNoChunkAndAnotherGeneration()
    {
        await using var rig = await CaptureRig.StartAsync();
        using var vault = await MakeVaultAsync(rig.Folder("vault"));
        await rig.CaptureAsync(new CaptureVault(vault));
        var before = Chunks(rig);

        await rig.CaptureAsync(new CaptureVault(vault), throttle: 1);

        Assert.Equal(before, Chunks(rig));
        Assert.True(before >= 2);
        var captures = await ListAsync(vault);
        Assert.Equal(2, captures.Count);
        Assert.All(captures, capture => Assert.Equal(("/subscriptions/" + rig.Emulated.SubscriptionId, 0), (Assert.Single(capture.Scopes), capture.Missing)));
    }

    [Fact]
    public async Task CopyTo_FolderWithAnEarlierCapture_RemovesWhatIsGone()
    {
        await using var rig = await CaptureRig.StartAsync();
        using var vault = await MakeVaultAsync(rig.Folder("vault"));
        await rig.CaptureAsync("copy");
        var store = new CaptureVault(vault);
        await rig.CaptureAsync(store, 4, ResourceId.CreateGroup(rig.Emulated.SubscriptionId, "contoso-network"));

        await CaptureVault.CopyToAsync(vault, store.PointId!, CaptureFolder.Open(rig.Folder("copy")), Ct);

        Assert.All(rig.Files("copy").Keys, file => Assert.Contains("/contoso-network/", file, StringComparison.Ordinal));
    }

    [Fact]
    public async Task CopyTo_PointOfSomethingElse_IsRefused()
    {
        await using var rig = await CaptureRig.StartAsync();
        using var vault = await MakeVaultAsync(rig.Folder("vault"));
        var session = await vault.BeginSessionAsync("test", Ct);
        await using var ending = session;
        var id = await session.PublishAsync(
            new PointDraft { Source = "s", Item = "i", CreatedAt = DateTime.UnixEpoch, Details = System.Text.Json.JsonSerializer.SerializeToElement(new { }), Streams = [] }, Ct);

        var failure = await Assert.ThrowsAsync<AzsException>(() => CaptureVault.CopyToAsync(vault, id, CaptureFolder.Open(rig.Folder("copy")), Ct));

        Assert.Equal("PointIsNoCapture", failure.ErrorId);
        Assert.False(Directory.Exists(rig.Folder("copy")));
    }

    private static Task<BackupVault> MakeVaultAsync(string folder) =>
        BackupVault.CreateAsync(new FolderStore(folder), new VaultOptions { ChunkSize = 256 << 10 }, null, VaultRuntime.System, Ct);

    private static int Chunks(CaptureRig rig) => Directory.GetFiles(Path.Combine(rig.Folder("vault"), "chunks"), "*", SearchOption.AllDirectories).Length;

    private static async Task<List<AzsResourceCapture>> ListAsync(BackupVault vault)
    {
        var description = new AzsBackupVault
        {
            Id = vault.Info.Id,
            Path = vault.Info.Location,
            FormatVersion = 1,
            ChunkSizeBytes = vault.Info.ChunkSize,
            Encrypted = false,
            CreatedAt = default,
            RecoveryPoints = 0,
            KeySlots = [],
        };
        var captures = new List<AzsResourceCapture>();
        await foreach (var capture in new CaptureCatalog(vault, description, new AzsBackup.Tests.Engine.Fakes.RecordingLog()).ListAsync(Ct)) captures.Add(capture);
        return captures;
    }
}
