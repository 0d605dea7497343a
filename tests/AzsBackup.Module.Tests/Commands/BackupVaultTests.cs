using System.Management.Automation;
using System.Text.Json.Nodes;
using AzsBackup.Module.Tests.Hosting;

namespace AzsBackup.Module.Tests.Commands;

/// <summary>New-AzsBackupVault and Get-AzsBackupVault.</summary>
public sealed class BackupVaultTests(BackupVaultTests.Folders folders) : IClassFixture<BackupVaultTests.Folders>
{
    private readonly ScratchFolder _scratch = folders.Scratch;
    private readonly ModuleHost _host = folders.Host;

    [Fact]
    public void NewAndGet_FindTheSameVaultByARelativePath()
    {
        var output = _host.Invoke("""
            $made = New-AzsBackupVault ./nas/vault -Password $password
            $found = Get-AzsBackupVault ./nas/vault -Password $password
            $made.Id -eq $found.Id
            $found.Path; $found.Encrypted; $found.RecoveryPoints
            """).Succeeded();
        Assert.Equal([true, _scratch.File("nas/vault"), true, 0], output);
    }

    [Theory]
    [InlineData("Get-AzsBackupVault ./vault -Password $wrong", "VaultWrongPassword", ErrorCategory.AuthenticationError, "passphrase")]
    [InlineData("Get-AzsBackupVault ./vault -NoEncryption", "VaultPasswordRequired", ErrorCategory.AuthenticationError, "-Password")]
    [InlineData("Get-AzsBackupVault ./plain -Password $password", "VaultNotEncrypted", ErrorCategory.InvalidArgument, "-NoEncryption")]
    [InlineData("Get-AzsBackupVault ./newer -NoEncryption", "VaultFormatTooNew", ErrorCategory.NotImplemented, "newer version of AzsBackup")]
    [InlineData("Get-AzsBackupVault ./nowhere -NoEncryption", "VaultNotFound", ErrorCategory.ObjectNotFound, "New-AzsBackupVault")]
    [InlineData("Get-AzsBackupVault ./file -NoEncryption", "VaultPathIsFile", ErrorCategory.InvalidArgument, "folder")]
    [InlineData("Get-AzsBackupVault ./file/below -NoEncryption", "VaultNotFound", ErrorCategory.ObjectNotFound, "path")]
    [InlineData("New-AzsBackupVault ./file -Password $password", "VaultPathIsFile", ErrorCategory.InvalidArgument, "folder")]
    [InlineData("New-AzsBackupVault ./file/below -NoEncryption", "VaultStorageFailed", ErrorCategory.DeviceError, "file")]
    [InlineData("New-AzsBackupVault ./vault -Password $password", "VaultExists", ErrorCategory.ResourceExists, "Get-AzsBackupVault")]
    [InlineData("New-AzsBackupVault ./photos -Password $password", "VaultFolderNotEmpty", ErrorCategory.InvalidArgument, "empty")]
    [InlineData("New-AzsBackupVault ./new -Password $password -ChunkSizeBytes 1000", "VaultOptionsInvalid", ErrorCategory.InvalidArgument, "power of two")]
    [InlineData("New-AzsBackupVault ./new -Password ([securestring]::new())", "VaultPasswordRequired", ErrorCategory.AuthenticationError, "-Password")]
    [InlineData("New-AzsBackupVault Env:/vault -NoEncryption", "PathNotInFileSystem", ErrorCategory.InvalidArgument, "folder")]
    public void BadInput_IsOneClearErrorAndNothingIsWritten(string command, string errorId, ErrorCategory category, string says)
    {
        var before = FolderState.Of(_scratch.Path);

        var result = _host.Invoke(command);
        Assert.Empty(result.Output);
        var error = result.Failed(errorId);
        Assert.Equal(category, error.CategoryInfo.Category);
        Assert.Contains(says, error.ErrorDetails.Message, StringComparison.Ordinal);
        Assert.Equal(before, FolderState.Of(_scratch.Path));
    }

    [Fact]
    public void UnwritableFolder_IsSaidAsWhatItIs()
    {
        if (OperatingSystem.IsWindows() || Environment.IsPrivilegedProcess)
        {
            Assert.Skip("Root may write everywhere, and on Windows permissions are set in another way.");
            return;
        }

        File.SetUnixFileMode(_scratch.Path, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        try
        {
            var error = Assert.Single(_host.Invoke("New-AzsBackupVault ./vault -NoEncryption").Errors);
            Assert.Contains("permission", error.ErrorDetails.Message, StringComparison.OrdinalIgnoreCase);
        }
        finally
        {
            File.SetUnixFileMode(_scratch.Path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    /// <summary>What the commands are pointed at: vaults of several sorts, and what is no vault.</summary>
    public sealed class Folders : IDisposable
    {
        public Folders()
        {
            Host.Set("folder", Scratch.Path).Set("password", ConnectedStack.Secret(SampleStack.Password)).Set("wrong", ConnectedStack.Secret("not that one"));
            Host.Invoke("""
                $ExecutionContext.SessionState.Path.SetLocation($folder)
                $null = New-AzsBackupVault ./vault -Password $password
                $null = New-AzsBackupVault ./plain -NoEncryption
                $null = New-AzsBackupVault ./newer -NoEncryption
                """).Succeeded();
            var description = JsonNode.Parse(File.ReadAllText(Scratch.File("newer/vault.json")))!;
            description["formatVersion"] = 2;
            File.WriteAllText(Scratch.File("newer/vault.json"), description.ToJsonString());
            Scratch.Write("file", "a file"u8);
            Scratch.Write("photos/heron.jpg", "a photo"u8);
        }

        internal ScratchFolder Scratch { get; } = new();

        internal ModuleHost Host { get; } = ModuleHost.WithModule();

        public void Dispose()
        {
            Host.Dispose();
            Scratch.Dispose();
        }
    }
}
