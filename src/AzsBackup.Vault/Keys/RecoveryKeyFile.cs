using System.Globalization;
using System.Text;
using AzsBackup.Model;

namespace AzsBackup.Vault.Keys;

/// <summary>The file a recovery key is printed from (FORMAT.md §3): text for people, and the key in lines of its own.</summary>
internal static class RecoveryKeyFile
{
    private const int MaximumLength = 64 << 10;

    /// <summary>Writes the file and makes it durable. It must not exist; only its owner may read it, where the file system knows owners.</summary>
    public static async Task WriteAsync(string path, RecoveryKeySecret secret, KeySlot slot, VaultInfo vault, CancellationToken cancellationToken)
    {
        char[] key = secret.Write();
        char[] text = Compose(key, slot, vault);
        byte[] content = Encoding.UTF8.GetBytes(text);
        bool created = false;
        try
        {
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.None, Options = FileOptions.Asynchronous };
            if (!OperatingSystem.IsWindows())
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            var file = new FileStream(path, options);
            created = true;
            await using (file.ConfigureAwait(false))
            {
                await file.WriteAsync(content, cancellationToken).ConfigureAwait(false);
                file.Flush(flushToDisk: true);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            if (!created && File.Exists(path))
            {
                throw new AzsException(
                    AzsErrorKind.AlreadyExists, "RecoveryKeyFileExists", $"'{path}' exists already; the recovery key was not written.",
                    "Give the path of a file that does not exist yet: nothing is ever overwritten.", path, exception);
            }

            if (created)
                File.Delete(path);
            throw new AzsException(
                AzsErrorKind.StorageFailed, "RecoveryKeyFileUnwritable", $"The recovery key could not be written to '{path}': {exception.Message}",
                "Give the path of a new file in a folder that you may write to.", path, exception);
        }
        catch (OperationCanceledException) when (created)
        {
            File.Delete(path);
            throw;
        }
        finally
        {
            key.AsSpan().Clear();
            text.AsSpan().Clear();
            content.AsSpan().Clear();
        }
    }

    public static async Task<VaultSecret> ReadAsync(string path, CancellationToken cancellationToken)
    {
        byte[] content = [];
        char[] text = [];
        char[] key = [];
        try
        {
            if (new FileInfo(path).Length > MaximumLength)
                throw VaultErrors.RecoveryKeyInvalid($"the file '{path}' is too long to be one.");
            content = await File.ReadAllBytesAsync(path, cancellationToken).ConfigureAwait(false);
            text = Encoding.UTF8.GetChars(content);
            key = new char[text.Length];
            int length = 0;
            foreach (var line in text.AsSpan().EnumerateLines())
            {
                if (!RecoveryKeyText.IsKeyLine(line))
                    continue;
                line.CopyTo(key.AsSpan(length));
                length += line.Length;
            }

            return length == 0
                ? throw VaultErrors.RecoveryKeyInvalid($"the file '{path}' holds none.")
                : new RecoveryKeySecret(RecoveryKeyText.Read(key.AsSpan(0, length)));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new AzsException(
                AzsErrorKind.InvalidInput, "RecoveryKeyFileUnreadable", $"The recovery key in '{path}' can't be read: {exception.Message}",
                "Give the path of the file that Add-AzsBackupVaultKey -RecoveryKeyPath wrote, or type the key with -RecoveryKey.", path, exception);
        }
        finally
        {
            content.AsSpan().Clear();
            text.AsSpan().Clear();
            key.AsSpan().Clear();
        }
    }

    private static char[] Compose(ReadOnlySpan<char> key, KeySlot slot, VaultInfo vault)
    {
        string before = string.Create(CultureInfo.InvariantCulture, $"""
            AzsBackup recovery key

            Vault: {vault.Id:D}
            Place: {vault.Location}
            Key:   {slot.Id}
            Made:  {slot.CreatedAt}


            """);
        const string After = """


            Whoever holds this key and can read the vault can read all that is in it.
            Print this page, keep it in a safe place away from the vault, and delete
            the file. No I, L, O or U occurs in the key: 1 and 0 are digits.

            To open the vault:
              Get-AzsBackupVault <place> -RecoveryKeyPath <this file>
              Get-AzsBackupVault <place> -RecoveryKey (Read-Host -AsSecureString)

            """;
        return [.. before.ReplaceLineEndings("\n"), .. key, .. After.ReplaceLineEndings("\n")];
    }
}
