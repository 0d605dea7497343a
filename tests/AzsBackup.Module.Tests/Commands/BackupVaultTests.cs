using System.Management.Automation;
using System.Text.Json.Nodes;
using AzsBackup.Module.Tests.Hosting;

namespace AzsBackup.Module.Tests.Commands;

/// <summary>New-AzsBackupVault and Get-AzsBackupVault.</summary>
public sealed class BackupVaultTests : IDisposable
{
    private readonly ScratchFolder _scratch = new();
    private readonly ModuleHost _host;

    public BackupVaultTests()
    {
        _host = ModuleHost.WithModule();
        _host.Set("folder", _scratch.Path).Set("password", ConnectedStack.Secret(SampleStack.Password)).Set("wrong", ConnectedStack.Secret("not that one"));
        _host.Invoke("$ExecutionContext.SessionState.Path.SetLocation($folder)").Succeeded();
    }

    public void Dispose()
    {
        _host.Dispose();
        _scratch.Dispose();
    }

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
    [InlineData("Get-AzsBackupVault ./file/below -NoEncryption", "VaultPathIsFile", ErrorCategory.InvalidArgument, "folder")]
    [InlineData("New-AzsBackupVault ./file -Password $password", "VaultPathIsFile", ErrorCategory.InvalidArgument, "folder")]
    [InlineData("New-AzsBackupVault ./file/below -Password $password", "VaultPathIsFile", ErrorCategory.InvalidArgument, "folder")]
    [InlineData("New-AzsBackupVault ./vault -Password $password", "VaultExists", ErrorCategory.ResourceExists, "Get-AzsBackupVault")]
    [InlineData("New-AzsBackupVault ./photos -Password $password", "VaultFolderNotEmpty", ErrorCategory.InvalidArgument, "empty")]
    [InlineData("New-AzsBackupVault ./new -Password $password -ChunkSizeBytes 1000", "VaultChunkSizeInvalid", ErrorCategory.InvalidArgument, "power of two")]
    [InlineData("New-AzsBackupVault ./new -Password ([securestring]::new())", "VaultPasswordRequired", ErrorCategory.AuthenticationError, "-Password")]
    [InlineData("New-AzsBackupVault Env:/vault -NoEncryption", "PathNotInFileSystem", ErrorCategory.InvalidArgument, "folder")]
    public void BadInput_IsOneClearErrorAndNothingIsWritten(string command, string errorId, ErrorCategory category, string says)
    {
        _host.Invoke("$null = New-AzsBackupVault ./vault -Password $password; $null = New-AzsBackupVault ./plain -NoEncryption; $null = New-AzsBackupVault ./newer -NoEncryption").Succeeded();
        var description = JsonNode.Parse(File.ReadAllText(_scratch.File("newer/vault.json")))!;
        description["formatVersion"] = 2;
        File.WriteAllText(_scratch.File("newer/vault.json"), description.ToJsonString());
        _scratch.Write("file", "a file"u8);
        _scratch.Write("photos/heron.jpg", "a photo"u8);
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
}
