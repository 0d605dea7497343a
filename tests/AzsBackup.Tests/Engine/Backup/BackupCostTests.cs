using System.Diagnostics;
using AzsBackup.Engine.Backup;
using AzsBackup.Engine.Disks;
using AzsBackup.Tests.Engine.Fakes;
using AzsBackup.Vault;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace AzsBackup.Tests.Engine.Backup;

/// <summary>What a point says it cost is what it cost, as the stack and the vault's folder count it.</summary>
public sealed class BackupCostTests
{
    private const int Page = 4096;
    private const int Pages = 1024;

    [Property(MaxTest = 10)]
    public Property Run_AnyChanges_CostIsToldAsItWas() => Prop.ForAll(
        Gen.Choose(0, Pages - 1).ArrayOf(5).ListOf(3).ToArbitrary(),
        history => RunAsync(history).GetAwaiter().GetResult());

    private static async Task<bool> RunAsync(IEnumerable<int[]> history)
    {
        using var rig = await BackupRig.CreateAsync();
        rig.Options = new VmBackupOptions { SampleBytes = 2 * VaultOptions.MinimumChunkSize };
        byte[][] disks = [TestDisks.Make(1, Pages), TestDisks.Make(2, Pages / 2)];
        var vm = rig.Stack.AddVm("web", disks);
        foreach (var changes in history.Prepend([]))
        {
            foreach (var page in changes) disks[0].AsSpan(page * Page, Page).Fill((byte)(page + changes.Length));
            rig.Stack.SetDisk("web-disk0", disks[0]);
            var (read, stored, begun) = (rig.Stack.BytesRead, StoredBytes(rig.Folder), Stopwatch.GetTimestamp());

            var point = await rig.BackUpAsync(vm);

            // Each disk's footer is looked at before anything else.
            var isTold = point.BytesRead + (VhdFooter.Length * disks.Length) == rig.Stack.BytesRead - read
                && point.BytesStored == StoredBytes(rig.Folder) - stored
                && point.Disks.Sum(disk => disk.BytesRead) == point.BytesRead
                && point.Disks.Sum(disk => disk.BytesStored) == point.BytesStored
                && point.Duration > TimeSpan.Zero && point.Duration <= Stopwatch.GetElapsedTime(begun);
            if (!isTold) return false;
        }

        return true;
    }

    private static long StoredBytes(string folder)
    {
        var chunks = new DirectoryInfo(Path.Combine(folder, "vault", "chunks"));
        return chunks.Exists ? chunks.EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length) : 0;
    }
}
