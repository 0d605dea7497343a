using System.IO.Enumeration;
using System.Runtime.CompilerServices;
using AzsBackup.Model;

namespace AzsBackup.Vault.Stores;

/// <summary>
/// A store in a folder: a local disk, a NAS, an SMB share. Each object is a file. A file is written under an unfinished name
/// beside its place, forced to the disk together with many others, and only then renamed: whatever has a name is whole, also
/// after a power cut. Needs no hard links and no locks.
/// </summary>
public sealed class FolderStore : IObjectStore, IDisposable
{
    private readonly string _root;
    private readonly FolderBatch _batch;

    /// <summary>Points at a folder. It need not exist; the first object creates it.</summary>
    /// <param name="path">A full path.</param>
    /// <exception cref="AzsException"><c>VaultPathIsFile</c>, or <c>VaultPathInvalid</c> if the path is not a full path.</exception>
    public FolderStore(string path)
    {
        if (string.IsNullOrWhiteSpace(path) || !Path.IsPathFullyQualified(path) || path.Contains('\0', StringComparison.Ordinal))
        {
            throw new AzsException(
                AzsErrorKind.InvalidInput, "VaultPathInvalid", $"'{path}' is not the full path of a folder.",
                "Give a path that begins at a drive, a share or the root.", path);
        }

        _root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        if (File.Exists(_root))
            throw FolderErrors.PathIsFile(_root);
        _batch = new FolderBatch(_root);
    }

    /// <inheritdoc/>
    public string Location => _root;

    /// <inheritdoc/>
    public async Task<bool> TryCreateAsync(string name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        string path = PathOf(name);
        var file = new PendingFile(name, path) { Length = content.Length };
        while (_batch.Reserve(file) is { } other)
        {
            // Who is told "it exists" relies on it, so the other writer has to have succeeded.
            if (await other.Written.WaitAsync(cancellationToken).ConfigureAwait(false))
                return false;
        }

        bool written = false;
        try
        {
            if (File.Exists(path))
            {
                _batch.RelyOn(Path.GetDirectoryName(path)!);
                return false;
            }

            CreateDirectory(Path.GetDirectoryName(path)!);
            using (var handle = File.OpenHandle(file.UnfinishedPath, FileMode.CreateNew, FileAccess.Write, FileShare.Read, FileOptions.Asynchronous))
                await RandomAccess.WriteAsync(handle, content, 0, cancellationToken).ConfigureAwait(false);
            file.Succeed(File.GetLastWriteTimeUtc(file.UnfinishedPath));
            written = true;
        }
        catch (Exception exception) when (FolderErrors.IsFileFailure(exception))
        {
            throw File.Exists(_root) ? FolderErrors.PathIsFile(_root) : FolderErrors.Write(_root, path, exception);
        }
        finally
        {
            if (!written)
            {
                _batch.Withdraw(file);
                DeleteUnfinished(file.UnfinishedPath);
            }
        }

        await _batch.AddAsync(file, cancellationToken).ConfigureAwait(false);
        return true;
    }

    /// <inheritdoc/>
    public async Task<PooledBuffer?> FindAsync(string name, int maximumLength, CancellationToken cancellationToken)
    {
        string path = PathOf(name);
        try
        {
            // The unfinished file may get its name between the look and the opening: then it is found under that.
            var content = (_batch.Find(name) is { } pending
                    ? await ReadAsync(name, pending.UnfinishedPath, maximumLength, cancellationToken).ConfigureAwait(false)
                    : null)
                ?? await ReadAsync(name, path, maximumLength, cancellationToken).ConfigureAwait(false);
            if (content is not null)
                _batch.RelyOn(Path.GetDirectoryName(path)!);
            return content;
        }
        catch (Exception exception) when (FolderErrors.IsFileFailure(exception))
        {
            throw FolderErrors.Read(_root, path, exception);
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<StoredObject> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // Pending files first: one that gets its name meanwhile is then met again, and told once.
        HashSet<string> told = [];
        foreach (var pending in _batch.FindAll(prefix))
        {
            told.Add(pending.Name);
            yield return new StoredObject(pending.Name, pending.Length, pending.CreatedAt);
        }

        string directory = Path.Combine(_root, prefix[..(prefix.LastIndexOf('/') + 1)].Replace('/', Path.DirectorySeparatorChar));
        if (!Directory.Exists(directory))
            yield break;

        _batch.RelyOn(Path.TrimEndingDirectorySeparator(directory));
        await Task.CompletedTask.ConfigureAwait(false);
        using var files = Enumerate(directory).GetEnumerator();
        while (MoveNext(files, directory))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (files.Current.Name.StartsWith(prefix, StringComparison.Ordinal) && !told.Contains(files.Current.Name))
                yield return files.Current;
        }
    }

    /// <inheritdoc/>
    public async Task DeleteAsync(string name, CancellationToken cancellationToken)
    {
        string path = PathOf(name);
        if (_batch.Find(name) is not null)
            await _batch.FlushAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            File.Delete(path);
            _batch.RelyOn(Path.GetDirectoryName(path)!);
        }
        catch (DirectoryNotFoundException)
        {
            // Gone with its folder: what was asked for.
        }
        catch (Exception exception) when (FolderErrors.IsFileFailure(exception))
        {
            throw FolderErrors.Write(_root, path, exception);
        }
    }

    /// <inheritdoc/>
    public Task FlushAsync(CancellationToken cancellationToken) => _batch.FlushAsync(cancellationToken);

    /// <summary>Lets go of the folder. Objects created since the last flush are abandoned.</summary>
    public void Dispose() => _batch.Dispose();

    private static async Task<PooledBuffer?> ReadAsync(string name, string path, int maximumLength, CancellationToken cancellationToken)
    {
        try
        {
            using var handle = File.OpenHandle(
                path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, FileOptions.Asynchronous);
            long length = RandomAccess.GetLength(handle);
            if (length > maximumLength)
                throw StoreErrors.TooLong(name, length, maximumLength);
            var buffer = new PooledBuffer((int)length);
            int done = 0;
            try
            {
                while (done < buffer.Memory.Length)
                {
                    int read = await RandomAccess.ReadAsync(handle, buffer.Memory[done..], done, cancellationToken).ConfigureAwait(false);
                    if (read == 0)
                        break;
                    done += read;
                }
            }
            catch
            {
                buffer.Dispose();
                throw;
            }

            buffer.Truncate(done);
            return buffer;
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    private static void DeleteUnfinished(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception exception) when (FolderErrors.IsFileFailure(exception))
        {
            // The failure that brought us here is the one to report; an unfinished file is no part of the vault and harms nobody.
        }
    }

    private FileSystemEnumerable<StoredObject> Enumerate(string directory) =>
        new(
            directory,
            (ref FileSystemEntry entry) => new StoredObject(
                Path.GetRelativePath(_root, entry.ToFullPath()).Replace(Path.DirectorySeparatorChar, '/'),
                entry.Length,
                entry.LastWriteTimeUtc.UtcDateTime),
            new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0, IgnoreInaccessible = false })
        {
            ShouldIncludePredicate = (ref FileSystemEntry entry) =>
                !entry.IsDirectory && !entry.FileName.EndsWith(ObjectName.UnfinishedSuffix, StringComparison.Ordinal),
        };

    private bool MoveNext(IEnumerator<StoredObject> files, string directory)
    {
        try
        {
            return files.MoveNext();
        }
        catch (Exception exception) when (FolderErrors.IsFileFailure(exception))
        {
            throw FolderErrors.Read(_root, directory, exception);
        }
    }

    private void CreateDirectory(string directory)
    {
        if (Directory.Exists(directory))
            return;
        Directory.CreateDirectory(directory);
        for (string? parent = Path.GetDirectoryName(directory); parent?.Length >= _root.Length; parent = Path.GetDirectoryName(parent))
            _batch.RelyOn(parent);
    }

    private string PathOf(string name)
    {
        ObjectName.ThrowIfInvalid(name);
        return Path.Combine(_root, name.Replace('/', Path.DirectorySeparatorChar));
    }
}
