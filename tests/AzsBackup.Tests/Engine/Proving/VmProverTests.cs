using AzsBackup.Engine.Proving;
using AzsBackup.Model;
using AzsBackup.Tests.Engine.Fakes;
using AzsBackup.Tests.Engine.Inspection;
using AzsBackup.Tests.Engine.Mounting;
using AzsBackup.Vault.Proofs;
using Xunit;

namespace AzsBackup.Tests.Engine.Proving;

public sealed class VmProverTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Run_SoundDisks_PassesAndTheVaultKeepsIt()
    {
        await using var rig = await MountRig.CreateAsync(await InspectedImages.MakeAsync("ext4"), Noise());

        var proof = await ProveAsync(rig, AzsProofLevel.Structure);

        Assert.True(proof is { Passed: true, Certified: true, Sealed: false, Level: AzsProofLevel.Structure, Chunks: > 0, BytesRead: > 0 });
        Assert.Empty(proof.Damage);
        Assert.Equal(["ext4", "unknown"], proof.Volumes.Select(volume => volume.Kind));
        Assert.Equal([null, 0], proof.Volumes.Select(volume => volume.Lun));
        var kept = Assert.Single(await new PointProofs(rig.Vault).ListAsync(rig.Point.Id, Cancel));
        Assert.Equal(("structure", true, "me@here"), (kept.Level, kept.Passed, kept.By));
        Assert.Contains("ext4 Sound", kept.Statement, StringComparison.Ordinal);
        var point = Assert.Single(await rig.PointsAsync());
        Assert.Equal((AzsProofLevel.Structure, kept.StartedAt), (point.LastProofLevel, point.LastProven));
        Assert.NotNull(point.LastVerified);
    }

    [Fact]
    public async Task Run_ChunksOnly_LooksAtNoDisk()
    {
        await using var rig = await MountRig.CreateAsync(Noise());
        var proof = await ProveAsync(rig, AzsProofLevel.Chunks);
        Assert.Empty(proof.Volumes);
        Assert.Equal(AzsProofLevel.Chunks, Assert.Single(await rig.PointsAsync()).LastProofLevel);
    }

    [Fact]
    public async Task Run_DamagedFileSystem_FailsAndIsKeptAsFailed()
    {
        var image = await InspectedImages.MakeAsync("ext4");
        image[1024 + 500] ^= 1;
        await using var rig = await MountRig.CreateAsync(image);

        var proof = await ProveAsync(rig, AzsProofLevel.Structure);

        Assert.False(proof.Passed);
        Assert.Contains("superblock is damaged", Assert.Single(proof.Damage), StringComparison.Ordinal);
        Assert.False(Assert.Single(await new PointProofs(rig.Vault).ListAsync(rig.Point.Id, Cancel)).Passed);
        Assert.Null(Assert.Single(await rig.PointsAsync()).LastProven);
    }

    [Fact]
    public async Task Run_DamagedChunks_FailsAtThatLevelAndVerifiedIsNotSaid()
    {
        await using var rig = await MountRig.CreateAsync(Noise());
        rig.DamageChunks();

        var proof = await ProveAsync(rig, AzsProofLevel.Structure);

        Assert.True(proof is { Passed: false, Level: AzsProofLevel.Chunks });
        Assert.Equal(proof.Chunks, proof.Damage.Count);
        Assert.Null(Assert.Single(await rig.PointsAsync()).LastVerified);
    }

    private static byte[] Noise()
    {
        var noise = new byte[1 << 20];
        new Random(1).NextBytes(noise);
        return noise;
    }

    private static Task<AzsVmBackupProof> ProveAsync(MountRig rig, AzsProofLevel level) =>
        new VmProver(rig.Vault, rig.Cache, TimeProvider.System, new RecordingLog()).RunAsync(rig.Point, new ProofOptions { Level = level, By = "me@here" }, Cancel);
}
