using AzsBackup.Model;

namespace AzsBackup.Vault.Stores;

/// <summary>
/// The files of a <see cref="FolderStore"/> that were written but have no name yet. Forcing files to the disk one by one would
/// cost a disk's latency per chunk; many at once share it, and the file system's journal is written once for all.
/// </summary>
internal sealed class FolderBatch(string root) : IDisposable
{
    private const int MaximumFiles = 256;
    private const long MaximumBytes = 256L << 20;
    private const int FilesForcedAtOnce = 8;

    private readonly object _gate = new();
    private readonly SemaphoreSlim _committing = new(1, 1);
    private readonly Dictionary<string, PendingFile> _byName = new(StringComparer.Ordinal);
    private readonly HashSet<string> _directories = new(StringComparer.Ordinal);
    private List<PendingFile> _written = [];
    private long _writtenBytes;
    private PendingFile? _lastNamed;
    private AzsException? _broken;

    /// <summary>Reserves the file's name within this process.</summary>
    /// <returns>The one that holds the name, or <see langword="null"/> if it is now this one.</returns>
    public PendingFile? Reserve(PendingFile file)
    {
        lock (_gate)
        {
            if (_byName.TryGetValue(file.Name, out var holder))
                return holder;
            _byName.Add(file.Name, file);
            return null;
        }
    }

    /// <summary>Gives a reserved name back.</summary>
    public void Withdraw(PendingFile file)
    {
        lock (_gate)
            _byName.Remove(file.Name);
        file.Fail();
    }

    /// <summary>The file of this name that is written and has no name yet, if there is one.</summary>
    public PendingFile? Find(string name)
    {
        lock (_gate)
            return _byName.TryGetValue(name, out var file) && file.IsWritten ? file : null;
    }

    /// <summary>All files that are written and have no name yet and shall get one with this prefix.</summary>
    public IReadOnlyList<PendingFile> FindAll(string prefix)
    {
        lock (_gate)
            return [.. _byName.Values.Where(file => file.IsWritten && file.Name.StartsWith(prefix, StringComparison.Ordinal))];
    }

    /// <summary>
    /// Has the next flush force this directory too: somebody relies on an entry in it, which another process may have made
    /// and not yet forced.
    /// </summary>
    public void RelyOn(string directory)
    {
        lock (_gate)
            _directories.Add(directory);
    }

    /// <summary>Takes in a written file; every so many files, names them all, which makes the caller wait.</summary>
    public async Task AddAsync(PendingFile file, CancellationToken cancellationToken)
    {
        bool full;
        lock (_gate)
        {
            _written.Add(file);
            _writtenBytes += file.Length;
            full = _written.Count >= MaximumFiles || _writtenBytes >= MaximumBytes;
        }

        if (full)
            await CommitAsync(flush: false, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Names all written files and forces their directories.</summary>
    public Task FlushAsync(CancellationToken cancellationToken) => CommitAsync(flush: true, cancellationToken);

    public void Dispose()
    {
        foreach (var file in _written)
        {
            try
            {
                File.Delete(file.UnfinishedPath);
            }
            catch (Exception exception) when (FolderErrors.IsFileFailure(exception))
            {
                // Abandoned files have no names and harm nobody; the folder may just be out of reach.
            }
        }

        _committing.Dispose();
    }

    private async Task CommitAsync(bool flush, CancellationToken cancellationToken)
    {
        await _committing.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            // Not cancellable from here on: a batch takes a moment, and half a one would have to be taken up again.
            if (_broken is { } broken)
                throw FolderErrors.Reopen(root, broken);
            await NameAllAsync(Take()).ConfigureAwait(false);
            if (flush)
                await Task.Run(ForceDirectories, CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception exception) when (FolderErrors.IsFileFailure(exception))
        {
            // Others were told that these files exist, and forcing a file again after a failure may report success without
            // having written anything: so this store does not publish any more. A new one begins afresh.
            _broken = FolderErrors.Write(root, root, exception);
            throw _broken;
        }
        finally
        {
            _committing.Release();
        }
    }

    private List<PendingFile> Take()
    {
        lock (_gate)
        {
            var files = _written;
            _written = [];
            _writtenBytes = 0;
            return files;
        }
    }

    private async Task NameAllAsync(List<PendingFile> files)
    {
        await Parallel.ForEachAsync(files, new ParallelOptions { MaxDegreeOfParallelism = FilesForcedAtOnce }, (file, _) =>
        {
            ForceFile(file.UnfinishedPath);
            return ValueTask.CompletedTask;
        }).ConfigureAwait(false);

        foreach (var file in files)
        {
            if (!Rename(file.UnfinishedPath, file.Path))
                File.Delete(file.UnfinishedPath);
            lock (_gate)
            {
                _byName.Remove(file.Name);
                _directories.Add(Path.GetDirectoryName(file.Path)!);
                _lastNamed = file;
            }
        }
    }

    private void ForceDirectories()
    {
        string[] directories;
        PendingFile? lastNamed;
        lock (_gate)
        {
            directories = [.. _directories];
            _directories.Clear();
            lastNamed = _lastNamed;
            _lastNamed = null;
        }

        if (!OperatingSystem.IsWindows())
        {
            foreach (string directory in directories.Where(Directory.Exists))
                PosixFiles.FlushDirectory(directory);
        }
        else if (lastNamed is not null && File.Exists(lastNamed.Path))
        {
            // Windows can't force a directory. NTFS and ReFS log metadata in order, so forcing the file that was renamed
            // last forces the renames before it.
            ForceFile(lastNamed.Path);
        }
    }

    private static void ForceFile(string path)
    {
        using var handle = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        RandomAccess.FlushToDisk(handle);
    }

    private static bool Rename(string from, string to)
    {
        if (!OperatingSystem.IsWindows() && PosixFiles.TryRename(from, to) is bool renamed)
            return renamed;
        try
        {
            // Atomic on Windows. Elsewhere, on file systems without a rename that refuses to replace, it looks first and then
            // renames: two processes that create one name in the same instant may both rename, and the later content stays,
            // whole. Writers of a vault give different content to one name only in vault.json, and read that back.
            File.Move(from, to, overwrite: false);
            return true;
        }
        catch (IOException) when (File.Exists(to))
        {
            return false;
        }
    }
}
