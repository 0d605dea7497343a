using System.Security;
using System.Security.Cryptography;
using System.Text;
using AzsBackup.Model;
using AzsBackup.Tests.Vault.Stores;
using AzsBackup.Vault;
using AzsBackup.Vault.Keys;
using FsCheck.Xunit;
using Xunit;
using static AzsBackup.Tests.Vault.VaultWorkshop;

namespace AzsBackup.Tests.Vault.Keys;

public sealed class RecoveryKeyTests : IDisposable
{
    private const string KnownText = "000GG-40R4S-0M30D-E209P-185G6-R38EG-1W81A\n24GKA-2GAH3-C5RR4-34D11-P70X1-3RFPW-63EDX";
    private const string Alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

    private readonly TemporaryFolder _folder = new();
    private readonly MemoryStore _store = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Write_KnownKey_IsTheTextOfTheFormat()
    {
        // Computed apart from this code, with Python: see FORMAT.md §3.
        byte[] key = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];
        Assert.Equal(KnownText, new string(RecoveryKeyText.Write(key)));
        Assert.Equal(key, RecoveryKeyText.Read(KnownText));
    }

    [Property]
    public void Read_WhatWasWritten_HoweverItIsTyped(int seed)
    {
        byte[] key = RandomNumberGenerator.GetBytes(32);
        string text = new(RecoveryKeyText.Write(key));
        var chance = new Random(seed);
        string typed = string.Concat(text.Select(c => c switch
        {
            '0' when chance.Next(2) == 0 => "O",
            '1' => chance.Next(3) switch { 0 => "l", 1 => "I", _ => "1" },
            '-' or '\n' => chance.Next(4) switch { 0 => "", 1 => " ", 2 => "- ", _ => "-" },
            _ => chance.Next(2) == 0 ? char.ToLowerInvariant(c).ToString() : c.ToString(),
        }));
        Assert.Equal(key, RecoveryKeyText.Read(typed));
    }

    [Fact]
    public void Read_OneWrongCharacter_NamesTheGroup()
    {
        string text = new(RecoveryKeyText.Write(RandomNumberGenerator.GetBytes(32)));
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] is '-' or '\n')
                continue;
            foreach (char wrong in Alphabet.Where(c => c != text[i]))
            {
                var failure = Assert.Throws<AzsException>(() => RecoveryKeyText.Read($"{text[..i]}{wrong}{text[(i + 1)..]}"));
                Assert.Equal("RecoveryKeyInvalid", failure.ErrorId);
                Assert.Contains($"group {i / 6 + 1}.", failure.Message, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public void Read_GroupsExchangedMissingOrForeign_IsRefusedWithoutRepeatingThem()
    {
        string[] groups = new string(RecoveryKeyText.Write(RandomNumberGenerator.GetBytes(32))).Split('-', '\n');
        var broken = new List<string> { "", "hello", string.Join('-', groups[..13]), string.Join('-', [.. groups, groups[0]]), string.Join('-', groups).Replace(groups[4], "ABCU*", StringComparison.Ordinal) };
        for (int i = 1; i < groups.Length; i++)
        {
            string[] exchanged = [.. groups];
            (exchanged[0], exchanged[i]) = (exchanged[i], exchanged[0]);
            broken.Add(string.Join('-', exchanged));
        }

        foreach (string text in broken)
        {
            var failure = Assert.Throws<AzsException>(() => RecoveryKeyText.Read(text));
            Assert.Equal("RecoveryKeyInvalid", failure.ErrorId);
            Assert.DoesNotContain(groups, group => failure.Message.Contains(group, StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task AddRecoveryKey_FileAndTyped_OpenTheVault()
    {
        string path = _folder["sheet.txt"];
        VaultKey added;
        using (var vault = await CreateAsync(_store))
            added = await vault.AddRecoveryKeyAsync(path, Cancel);
        Assert.Equal("recovery", added.Kind);
        string sheet = await File.ReadAllTextAsync(path, Cancel);
        Assert.Contains(added.Id, sheet, StringComparison.Ordinal);
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));

        using (var secret = await VaultSecret.FromRecoveryKeyFileAsync(path, Cancel))
        using (var opened = await BackupVault.OpenAsync(_store, secret, Runtime, Cancel))
            Assert.Equal(added.Id, (await opened.ListKeysAsync(Cancel)).Single(key => key.IsUsed).Id);

        string[] lines = [.. sheet.Split('\n').Select(line => line.TrimEnd('\r')).Where(line => RecoveryKeyText.IsKeyLine(line))];
        Assert.Equal(2, lines.Length);
        using var typed = new SecureString();
        foreach (char character in string.Join(' ', lines).ToLowerInvariant())
            typed.AppendChar(character);
        using var typedSecret = VaultSecret.FromRecoveryKey(typed);
        (await BackupVault.OpenAsync(_store, typedSecret, Runtime, Cancel)).Dispose();
        Assert.All(_store.Objects, stored => Assert.Equal(-1, stored.Value.Content.AsSpan().IndexOf(Encoding.ASCII.GetBytes(lines[0][..11]))));
    }

    [Fact]
    public async Task Open_AnotherVaultsRecoveryKey_IsRefused()
    {
        using (var other = await CreateAsync(new MemoryStore()))
            await other.AddRecoveryKeyAsync(_folder["other.txt"], Cancel);
        using (var vault = await CreateAsync(_store))
            await vault.AddRecoveryKeyAsync(_folder["mine.txt"], Cancel);
        using var secret = await VaultSecret.FromRecoveryKeyFileAsync(_folder["other.txt"], Cancel);
        await AssertFailsAsync("VaultWrongRecoveryKey", () => BackupVault.OpenAsync(_store, secret, Runtime, Cancel));
    }

    [Fact]
    public async Task AddRecoveryKey_FileThereOrNoFolder_AddsNothingAndKeepsTheFile()
    {
        using var vault = await CreateAsync(_store);
        await File.WriteAllTextAsync(_folder["photo"], "precious", Cancel);
        await AssertFailsAsync("RecoveryKeyFileExists", () => vault.AddRecoveryKeyAsync(_folder["photo"], Cancel));
        await AssertFailsAsync("RecoveryKeyFileUnwritable", () => vault.AddRecoveryKeyAsync(_folder["no/such/folder"], Cancel));
        Assert.Equal("precious", await File.ReadAllTextAsync(_folder["photo"], Cancel));
        Assert.Single(await vault.ListKeysAsync(Cancel));
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(1, true)]
    [InlineData(2, false)]
    [InlineData(2, true)]
    public async Task AddRecoveryKey_StoreDies_LeavesNoSheetThatMayOpenNothing(int failingChange, bool doesItFirst)
    {
        (await CreateAsync(_store)).Dispose();
        using var vault = await OpenAsync(new FailingStore(_store, failingChange, doesItFirst));
        await AssertFailsAsync("TestStoreDied", () => vault.AddRecoveryKeyAsync(_folder["sheet.txt"], Cancel));
        Assert.False(File.Exists(_folder["sheet.txt"]));
        (await OpenAsync(_store)).Dispose();
    }

    [Fact]
    public async Task FromRecoveryKeyFile_NoSuchFileOrNoKey_SaysSo()
    {
        await AssertFailsAsync("RecoveryKeyFileUnreadable", () => VaultSecret.FromRecoveryKeyFileAsync(_folder["none"], Cancel));
        await File.WriteAllTextAsync(_folder["text"], "These are words.\nAB-CD\n", Cancel);
        await AssertFailsAsync("RecoveryKeyInvalid", () => VaultSecret.FromRecoveryKeyFileAsync(_folder["text"], Cancel));
        await File.WriteAllBytesAsync(_folder["long"], new byte[1 << 20], Cancel);
        await AssertFailsAsync("RecoveryKeyInvalid", () => VaultSecret.FromRecoveryKeyFileAsync(_folder["long"], Cancel));
    }

    private static async Task AssertFailsAsync(string errorId, Func<Task> action) =>
        Assert.Equal(errorId, (await Assert.ThrowsAsync<AzsException>(action)).ErrorId);
}
