using AzsBackup.Model;

namespace AzsBackup.Vault.Stores;

/// <summary>Turns what the file system says into failures that a user can act on.</summary>
internal static class FolderErrors
{
    // On Unix, HResult is errno where .NET has no exception type of its own.
    private const int UnixNoSpace = 28;
    private const int UnixReadOnly = 30;
    private const int LinuxQuota = 122;
    private const int MacQuota = 69;

    private const int WindowsHandleDiskFull = unchecked((int)0x80070027);
    private const int WindowsDiskFull = unchecked((int)0x80070070);
    private const int WindowsQuota = unchecked((int)0x8007050F);
    private const int WindowsWriteProtected = unchecked((int)0x80070013);

    /// <summary>Whether the exception comes from the file system and is to be mapped.</summary>
    public static bool IsFileFailure(Exception exception) => exception is IOException or UnauthorizedAccessException;

    /// <summary>The failure of a write.</summary>
    public static AzsException Write(string root, string path, Exception cause) => cause switch
    {
        UnauthorizedAccessException or IOException { HResult: UnixReadOnly or WindowsWriteProtected } => new AzsException(
            AzsErrorKind.PermissionDenied, "VaultNotWritable", $"The vault's folder '{root}' can't be written to: {cause.Message}",
            "Give the account that runs this the right to create files in the folder, or choose another folder.", root, cause),
        IOException { HResult: UnixNoSpace or LinuxQuota or MacQuota or WindowsDiskFull or WindowsHandleDiskFull or WindowsQuota } => new AzsException(
            AzsErrorKind.StorageFailed, "VaultStorageFull", $"There is no space left in the vault's folder '{root}'.",
            "Free space on its volume or raise its quota, then run again; what was stored so far is used again.", root, cause),
        _ => new AzsException(
            AzsErrorKind.StorageFailed, "VaultStorageFailed", $"Writing '{path}' failed: {cause.Message}",
            "Check that the vault's volume or share is connected and healthy, then run again.", root, cause),
    };

    /// <summary>The failure of every write after one that failed.</summary>
    public static AzsException Reopen(string root, AzsException earlier) => new(
        earlier.Kind,
        "VaultToBeReopened",
        $"A write to the vault's folder '{root}' has failed, so nothing more is written through the vault that was opened then. It was: {earlier.Message}",
        "Put that right, open the vault again with Get-AzsBackupVault, and run again with what that returns.",
        root,
        earlier);

    /// <summary>The failure of a read or a listing.</summary>
    public static AzsException Read(string root, string path, Exception cause) => cause switch
    {
        UnauthorizedAccessException => new AzsException(
            AzsErrorKind.PermissionDenied, "VaultNotReadable", $"'{path}' in the vault's folder can't be read: {cause.Message}",
            "Give the account that runs this the right to read the folder and all in it.", root, cause),
        _ => new AzsException(
            AzsErrorKind.StorageFailed, "VaultStorageFailed", $"Reading '{path}' failed: {cause.Message}",
            "Check that the vault's volume or share is connected and healthy, then run again.", root, cause),
    };

    /// <summary>The path names a file.</summary>
    public static AzsException PathIsFile(string path) => new(
        AzsErrorKind.InvalidInput, "VaultPathIsFile", $"'{path}' is a file; a vault is a folder.",
        "Give the path of a folder, or of one that does not exist yet.", path);
}
