using System.Diagnostics;
using System.Globalization;
using AzsBackup.Vault;
using AzsBackup.Vault.Copying;
using AzsBackup.Vault.Maintenance;
using AzsBackup.Vault.Removal;
using AzsBackup.Vault.Stores;
using AzsBackup.Vault.Verification;
using AzsBackup.VaultWorker;
using Xunit;
using static AzsBackup.Tests.Vault.VaultWorkshop;

namespace AzsBackup.Tests.Vault;

/// <summary>
/// A real process that backs up, removes, optimizes, copies, verifies and changes keys in a folder is killed at random moments.
/// AZSBACKUP_KILL_SEED chooses which moments, as far as a machine repeats them.
/// </summary>
public sealed class VaultKillTests(ITestOutputHelper output) : IDisposable
{
    private const int MostPoints = 8;
    private const int LongestLifeInMilliseconds = 1500;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public Task Worker_KilledAFewTimes_LosesNothing() => KillAsync(5);

    [LongFact]
    public Task Worker_KilledAHundredTimes_LosesNothing() => KillAsync(100);

    private async Task KillAsync(int times)
    {
        string? asked = Environment.GetEnvironmentVariable("AZSBACKUP_KILL_SEED");
        int seed = asked is null ? Environment.TickCount & 0xFFFFFF : int.Parse(asked, CultureInfo.InvariantCulture);
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        using (var secret = Worker.Secret(Worker.Passphrases[0]))
        using (var store = new FolderStore(_folder["vault"]))
            (await BackupVault.CreateAsync(store, new VaultOptions { ChunkSize = WorkStream.ChunkSize }, secret, Worker.Runtime, Cancel)).Dispose();
        var published = new HashSet<string>(StringComparer.Ordinal);
        int steps = 0;
        for (int kill = 1; kill <= times; kill++)
        {
            var lines = await RunAndKillAsync(random.Next(), TimeSpan.FromMilliseconds(random.Next(LongestLifeInMilliseconds)));
            steps += lines.Count(line => line.StartsWith("step ", StringComparison.Ordinal));
            Assert.DoesNotContain(lines, line => line.StartsWith("damaged ", StringComparison.Ordinal));
            published.UnionWith(lines.Where(line => line.StartsWith("published ", StringComparison.Ordinal)).Select(line => line[10..]));
            published.ExceptWith(lines.Where(line => line.StartsWith("removing ", StringComparison.Ordinal)).Select(line => line[9..]));
            await CheckAsync(seed, kill, published);
        }

        output.WriteLine($"{times} kills, {steps} steps were finished between them, {published.Count} points are left");
        Assert.True(steps > 0);
    }

    private async Task<List<string>> RunAndKillAsync(int seed, TimeSpan life)
    {
        string[] arguments = [Path.Combine(AppContext.BaseDirectory, "AzsBackup.VaultWorker.dll"), _folder["vault"], _folder["copy"], seed.ToString(CultureInfo.InvariantCulture)];
        using var process = Process.Start(new ProcessStartInfo("dotnet", arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var errors = process.StandardError.ReadToEndAsync(Cancel);
        var lines = new List<string>();
        Assert.Equal("ready", await process.StandardOutput.ReadLineAsync(Cancel));
        var reading = ReadAsync();

        // The moment of the kill is the point of it: real time.
        await Task.Delay(life, Cancel);
        Assert.False(process.HasExited, $"It ended by itself: {(process.HasExited ? await errors : "")}");
        process.Kill();
        await process.WaitForExitAsync(Cancel);
        await reading;
        return lines;

        async Task ReadAsync()
        {
            while (await process.StandardOutput.ReadLineAsync(Cancel) is { } line)
                lines.Add(line);
        }
    }

    /// <summary>What is published restores, in the vault and in its copy; the next run of everything succeeds; nothing is damaged.</summary>
    private async Task CheckAsync(int seed, int kill, HashSet<string> published)
    {
        string where = $"seed {seed}, kill {kill}";
        using var store = new FolderStore(_folder["vault"]);
        var (vault, _) = await Worker.OpenAsync(store, Cancel);
        using var opened = vault;
        var ids = await RestoreAllAsync(vault, where);
        Assert.True(published.IsSubsetOf(ids), $"{where}: {string.Join(", ", published.Except(ids))} was published, and is gone.");

        // No more than a few stay: what is checked each time has to stay small, and chunks have to be swept.
        foreach (string superfluous in ids.Skip(MostPoints))
        {
            published.Remove(superfluous);
            await new PointRemoval(vault).RequestAsync(superfluous, TimeSpan.Zero, byRetention: false, Cancel);
        }

        published.Add(await Worker.BackUpAsync(vault, kill, Cancel));
        await new VaultOptimizer(vault, Worker.Impatient).RunAsync(Cancel);
        using (var copyStore = new FolderStore(_folder["copy"]))
        {
            if (await HasVaultAsync(copyStore))
            {
                using var half = (await Worker.OpenAsync(copyStore, Cancel)).Vault;
                await RestoreAllAsync(half, where);
            }

            await foreach (var point in new VaultCopy(vault, copyStore, new VaultCopyOptions()).RunAsync(Cancel))
                Assert.True(point.Failure is null or { ErrorId: "CopyPointGivenUp" or "CopyPointVanished" or "CopyChunkCondemned" }, $"{where}: {point.Failure?.Message}");
            using var copy = (await Worker.OpenAsync(copyStore, Cancel)).Vault;
            foreach (string superfluous in (await RestoreAllAsync(copy, where)).Except(ids))
                await new PointRemoval(copy).RequestAsync(superfluous, TimeSpan.Zero, byRetention: false, Cancel);
        }

        await new VaultVerifier(vault, new VerifyOptions()).RunAsync((damage, _) => throw new InvalidOperationException($"{where}: {damage.Description}"), Cancel);
        Assert.True(published.IsSubsetOf(await RestoreAllAsync(vault, where)), where);
    }

    private static async Task<bool> HasVaultAsync(FolderStore store)
    {
        using var description = await store.FindAsync("vault.json", 1 << 16, Cancel);
        return description is not null;
    }

    private static async Task<HashSet<string>> RestoreAllAsync(BackupVault vault, string where)
    {
        var points = await ListAsync(vault);
        foreach (var point in points)
        {
            Assert.False(point.IsDamaged, $"{where}: {point.Damage}");
            byte[] expected = WorkStream.Make(point.Details.GetProperty("seed").GetInt32());
            byte[] restored = await RestoreAsync(vault, point.Id);
            Assert.True(expected.AsSpan().SequenceEqual(restored), $"{where}: point {point.Id} holds other bytes.");
        }

        return [.. points.Select(point => point.Id)];
    }
}
