using System.Security;
using System.Text.Json;
using AzsBackup.Model;
using AzsBackup.Vault;
using AzsBackup.Vault.Copying;
using AzsBackup.Vault.Maintenance;
using AzsBackup.Vault.Removal;
using AzsBackup.Vault.Stores;
using AzsBackup.Vault.Verification;

namespace AzsBackup.VaultWorker;

/// <summary>Uses a vault in every way, one after the other, in an order that a seed decides. Says on the output what it is about to do and what it has done.</summary>
/// <param name="folder">The vault's folder.</param>
/// <param name="copyFolder">Where it is copied to.</param>
/// <param name="seed">Decides what is done.</param>
/// <param name="output">Told.</param>
public sealed class Worker(string folder, string copyFolder, int seed, TextWriter output)
{
    private readonly Random _random = new(seed);

    /// <summary>The passphrases that may open the vault: one of them does at any time.</summary>
    public static IReadOnlyList<string> Passphrases { get; } = ["the first passphrase", "the second passphrase"];

    /// <summary>Cheap keys: what they cost is not on trial here.</summary>
    public static VaultRuntime Runtime { get; } = new() { PassphraseIterations = 1 };

    /// <summary>Whoever is silent is dead: tests kill a process before they start the next one.</summary>
    public static OptimizeOptions Impatient { get; } = new() { GracePeriod = TimeSpan.Zero, SessionTimeout = TimeSpan.FromMilliseconds(1) };

    /// <summary>A secret of this text.</summary>
    /// <param name="text">The passphrase.</param>
    public static VaultSecret Secret(string text)
    {
        using var secure = new SecureString();
        foreach (char character in text)
            secure.AppendChar(character);
        return VaultSecret.FromPassphrase(secure);
    }

    /// <summary>Opens a vault with whichever of <see cref="Passphrases"/> opens it.</summary>
    /// <param name="store">Where it is.</param>
    /// <param name="cancellationToken">Stops the opening.</param>
    public static async Task<(BackupVault Vault, string Passphrase)> OpenAsync(IObjectStore store, CancellationToken cancellationToken)
    {
        try
        {
            using var secret = Secret(Passphrases[0]);
            return (await BackupVault.OpenAsync(store, secret, Runtime, cancellationToken), Passphrases[0]);
        }
        catch (AzsException exception) when (exception.ErrorId == "VaultWrongPassword")
        {
            using var secret = Secret(Passphrases[1]);
            return (await BackupVault.OpenAsync(store, secret, Runtime, cancellationToken), Passphrases[1]);
        }
    }

    /// <summary>Backs up the disk of a seed.</summary>
    /// <param name="vault">Where to.</param>
    /// <param name="streamSeed">Which disk.</param>
    /// <param name="cancellationToken">Stops the backup.</param>
    /// <returns>The point's id.</returns>
    public static async Task<string> BackUpAsync(BackupVault vault, int streamSeed, CancellationToken cancellationToken)
    {
        byte[] stream = WorkStream.Make(streamSeed);
        var chunks = new StreamChunk[(stream.Length + WorkStream.ChunkSize - 1) / WorkStream.ChunkSize];
        await using var session = await vault.BeginSessionAsync("worker", cancellationToken);
        await Parallel.ForAsync(0, chunks.Length, cancellationToken, async (i, stop) =>
        {
            int start = i * WorkStream.ChunkSize;
            chunks[i] = new StreamChunk(i, await session.PutChunkAsync(stream.AsMemory(start, Math.Min(WorkStream.ChunkSize, stream.Length - start)), stop));
        });
        return await session.PublishAsync(
            new PointDraft
            {
                Source = "worker",
                Item = $"vm-{streamSeed % 3}",
                CreatedAt = DateTime.UtcNow,
                Details = JsonSerializer.SerializeToElement(new { seed = streamSeed }),
                Streams = [new StreamDraft { Name = "disk", Length = stream.Length, Chunks = chunks }],
                Documents = new Dictionary<string, ReadOnlyMemory<byte>> { ["config.json"] = "{}"u8.ToArray() },
            },
            cancellationToken);
    }

    /// <summary>Works until it is killed.</summary>
    /// <param name="cancellationToken">Stops it as well.</param>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        for (int step = 0; ; step++)
        {
            using var store = new FolderStore(folder);
            var (vault, passphrase) = await OpenAsync(store, cancellationToken);
            using var _ = vault;
            int what = _random.Next(10);
            switch (what)
            {
                case < 4:
                    await SayAsync("published", await BackUpAsync(vault, _random.Next(100_000), cancellationToken));
                    break;
                case < 6:
                    await RemoveAsync(vault, cancellationToken);
                    break;
                case 6:
                    await new VaultOptimizer(vault, Impatient).RunAsync(cancellationToken);
                    break;
                case 7:
                    await CopyAsync(vault, cancellationToken);
                    break;
                case 8:
                    await ChangeKeyAsync(store, vault, passphrase, cancellationToken);
                    break;
                default:
                    await new VaultVerifier(vault, new VerifyOptions()).RunAsync((damage, _) => SayAsync("damaged", damage.Description), cancellationToken);
                    break;
            }

            await SayAsync("step", $"{step} {what}");
        }
    }

    private async Task RemoveAsync(BackupVault vault, CancellationToken cancellationToken)
    {
        var points = new List<PointHeader>();
        await foreach (var point in vault.ListPointsAsync(cancellationToken))
            points.Add(point);
        if (points.Count < 3)
            return;
        string id = points[_random.Next(points.Count)].Id;
        await SayAsync("removing", id);
        await new PointRemoval(vault).RequestAsync(id, TimeSpan.Zero, byRetention: false, cancellationToken);
    }

    private async Task CopyAsync(BackupVault vault, CancellationToken cancellationToken)
    {
        using var destination = new FolderStore(copyFolder);
        await foreach (var point in new VaultCopy(vault, destination, new VaultCopyOptions()).RunAsync(cancellationToken))
        {
            // A copy that was killed and then optimized gives points up: that is what FORMAT.md says.
            if (point.Failure is { ErrorId: not ("CopyPointGivenUp" or "CopyPointVanished" or "CopyChunkCondemned") } failure)
                await SayAsync("damaged", failure.Message);
        }

        var (copy, _) = await OpenAsync(destination, cancellationToken);
        using (copy)
            await new VaultOptimizer(copy, Impatient).RunAsync(cancellationToken);
    }

    /// <summary>The other passphrase is added; the vault is opened with it, and this one removed.</summary>
    private static async Task ChangeKeyAsync(FolderStore store, BackupVault vault, string passphrase, CancellationToken cancellationToken)
    {
        using var other = Secret(Passphrases[passphrase == Passphrases[0] ? 1 : 0]);
        var added = await vault.AddKeyAsync(other, cancellationToken);
        using var reopened = await BackupVault.OpenAsync(store, other, Runtime, cancellationToken);
        foreach (var key in await reopened.ListKeysAsync(cancellationToken))
        {
            if (key.Id != added.Id && !key.IsUsed)
                await reopened.RemoveKeyAsync(key.Id, force: false, cancellationToken);
        }
    }

    private async Task SayAsync(string what, string of)
    {
        await output.WriteLineAsync($"{what} {of}");
        await output.FlushAsync(CancellationToken.None);
    }
}
