using System.Text;
using AzsBackup.Model;
using AzsBackup.Tests.Vault.Stores;
using AzsBackup.Vault;
using Xunit;
using static AzsBackup.Tests.Vault.VaultWorkshop;

namespace AzsBackup.Tests.Vault;

/// <summary>Every sort of object, damaged in every way: an error that names it, or nothing lost; never a wrong byte.</summary>
public sealed class VaultDamageTests
{
    private static readonly byte[] First = MakeStream([2, 1, 0, 3], 100, seed: 1);
    private static readonly byte[] Second = MakeStream([2, 2, 1, 3], 200, seed: 50);

    public static TheoryData<string, string, bool> Cases()
    {
        var cases = new TheoryData<string, string, bool>();
        foreach (string sort in new[] { "chunks/", ".index", ".doc", "point.json" })
        {
            foreach (string damage in new[] { "flip", "cut", "empty", "lengthen", "remove", "swap" })
            {
                cases.Add(sort, damage, true);
                cases.Add(sort, damage, false);
            }
        }

        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Read_DamagedObject_FailsOrGivesTheRightBytes(string sort, string damage, bool encrypted)
    {
        var store = new MemoryStore();
        using var vault = await CreateAsync(store, encrypted);
        string firstId = (await BackUpAsync(vault, First, "/vm/1")).Id;
        string secondId = (await BackUpAsync(vault, Second, "/vm/2")).Id;
        string[] names = [.. store.Objects.Keys.Where(name => name.Contains(sort, StringComparison.Ordinal)).Order(StringComparer.Ordinal)];
        Assert.True(names.Length >= 2);
        foreach (string name in names)
        {
            var whole = store.Objects[name];
            foreach (byte[]? damaged in Damage(damage, whole.Content, store.Objects[names[name == names[0] ? 1 : 0]].Content))
            {
                if (damaged is null)
                    store.Objects.TryRemove(name, out _);
                else
                    store.Objects[name] = (damaged, whole.CreatedAt);
                int failures = await CountFailuresAsync(vault, name, (firstId, First), (secondId, Second));
                Assert.True(failures > 0, $"'{name}' was damaged ({damage}) and nobody noticed.");
                store.Objects[name] = whole;
            }
        }

        Assert.Equal(0, await CountFailuresAsync(vault, "", (firstId, First), (secondId, Second)));
    }

    [Fact]
    public async Task ListPoints_OneHeaderDamaged_ListsTheOthers()
    {
        var store = new MemoryStore();
        using var vault = await CreateAsync(store);
        string firstId = (await BackUpAsync(vault, First, "/vm/1")).Id;
        string secondId = (await BackUpAsync(vault, Second, "/vm/2")).Id;
        string name = store.Objects.Keys.Single(name => name.EndsWith($"{firstId}/point.json", StringComparison.Ordinal));
        store.Objects[name].Content[60] ^= 1;
        var points = await ListAsync(vault);
        var damaged = Assert.Single(points, point => point.IsDamaged);
        Assert.Equal(firstId, damaged.Id);
        Assert.Contains(name, damaged.Damage, StringComparison.Ordinal);
        Assert.Equal("/vm/2", Assert.Single(points, point => point.Id == secondId).Item);
    }

    [Fact]
    public async Task ReadChunk_Damaged_NamesTheChunkAndClearsTheBuffer()
    {
        var store = new MemoryStore();
        using var vault = await CreateAsync(store);
        string id = (await BackUpAsync(vault, First)).Id;
        var point = await vault.OpenPointAsync(id, Cancel);
        var stream = point.Streams[0];
        string hex = stream.Find(0).Name.ToString();
        string name = $"chunks/{hex[..2]}/{hex}";
        var whole = store.Objects[name];
        byte[] buffer = [.. Enumerable.Repeat((byte)7, ChunkSize)];
        store.Objects[name] = ([.. whole.Content.Select((value, i) => (byte)(i == 1000 ? value ^ 0x80 : value))], default);
        var failure = await Assert.ThrowsAsync<AzsException>(async () => await point.ReadChunkAsync(stream, 0, buffer, Cancel));
        Assert.Equal((AzsErrorKind.DataDamaged, "ChunkDamaged", name), (failure.Kind, failure.ErrorId, failure.Target));
        Assert.False(buffer.AsSpan().ContainsAnyExcept((byte)0));

        store.Objects[name] = (new byte[ChunkSize + 1000], default);
        Assert.Equal("ChunkDamaged", (await Assert.ThrowsAsync<AzsException>(async () => await point.ReadChunkAsync(stream, 0, buffer, Cancel))).ErrorId);

        store.Objects.TryRemove(name, out _);
        failure = await Assert.ThrowsAsync<AzsException>(async () => await point.ReadChunkAsync(stream, 0, buffer, Cancel));
        Assert.Equal((AzsErrorKind.DataDamaged, "ChunkMissing", name), (failure.Kind, failure.ErrorId, failure.Target));

        // A later backup of the same disk heals it.
        await BackUpAsync(vault, First);
        Assert.Equal(First, await RestoreAsync(vault, id));
    }

    [Fact]
    public async Task Vault_Encrypted_TellsNothingItHolds()
    {
        using var folder = new TemporaryFolder();
        using var store = new AzsBackup.Vault.Stores.FolderStore(folder.Path);
        byte[] stream = new byte[3 * ChunkSize];
        new Random(5).NextBytes(stream);
        string[] secrets = ["Annual report, not for publication", "payroll-db", "Kirschbaum", "disk-0", "config.json", "adminmanagement", "correct horse", "nightly purpose"];
        Encoding.UTF8.GetBytes(secrets[0]).CopyTo(stream, 12345);
        using (var vault = await CreateAsync(store))
        {
            await BackUpAsync(vault, stream);
            await vault.BeginSessionAsync("nightly purpose", Cancel);
        }

        var stored = Directory.GetFiles(folder.Path, "*", SearchOption.AllDirectories);
        Assert.Contains(stored, path => path.Contains("sessions", StringComparison.Ordinal));
        foreach (string path in stored)
        {
            byte[] bytes = await File.ReadAllBytesAsync(path, Cancel);
            foreach (string secret in secrets)
            {
                Assert.DoesNotContain(secret, path[folder.Path.Length..], StringComparison.OrdinalIgnoreCase);
                Assert.Equal(-1, bytes.AsSpan().IndexOf(Encoding.UTF8.GetBytes(secret)));
                Assert.Equal(-1, bytes.AsSpan().IndexOf(Encoding.Unicode.GetBytes(secret)));
            }
        }
    }

    [Fact]
    public async Task Vaults_SameContent_HaveNoNameInCommon()
    {
        var first = new MemoryStore();
        var second = new MemoryStore();
        using var firstVault = await CreateAsync(first);
        using var secondVault = await CreateAsync(second);
        await BackUpAsync(firstVault, First);
        await BackUpAsync(secondVault, First);
        Assert.Equal(["vault.json"], first.Objects.Keys.Intersect(second.Objects.Keys));
    }

    private static IEnumerable<byte[]?> Damage(string damage, byte[] whole, byte[] sibling)
    {
        switch (damage)
        {
            case "flip":
                // Each byte of the header and some of the rest, a different bit each.
                foreach (int i in Enumerable.Range(0, 24).Concat([24, 24 + (whole.Length - 40) / 2, whole.Length - 16, whole.Length - 1]))
                {
                    byte[] flipped = [.. whole];
                    flipped[i] ^= (byte)(1 << (i % 8));
                    yield return flipped;
                }

                break;
            case "cut":
                yield return whole[..^1];
                yield return whole[..40];
                yield return whole[..17];
                break;
            case "empty":
                yield return [];
                break;
            case "lengthen":
                yield return [.. whole, 0];
                break;
            case "remove":
                yield return null;
                break;
            default:
                yield return sibling;
                break;
        }
    }

    private static async Task<int> CountFailuresAsync(BackupVault vault, string name, params (string Id, byte[] Stream)[] points)
    {
        int failures = 0;
        foreach (var (id, stream) in points)
        {
            try
            {
                byte[] restored = await RestoreAsync(vault, id);
                Assert.True(stream.AsSpan().SequenceEqual(restored), "Wrong bytes were given out.");
            }
            catch (AzsException exception) when (exception.Kind is AzsErrorKind.DataDamaged)
            {
                Assert.Equal(name, exception.Target);
                failures++;
            }
            catch (AzsException exception) when (exception.ErrorId == "PointNotFound")
            {
                Assert.EndsWith("point.json", name, StringComparison.Ordinal);
                failures++;
            }
        }

        return failures;
    }
}
