using System.Formats.Tar;
using System.Security.Cryptography;
using System.Text;
using AzsBackup.Emulator.Compute;

namespace AzsBackup.Playground.DiskImages;

/// <summary>
/// A disk made with nothing but .NET: a fixed VHD with one partition, and in it a tar archive of real files. It is honest disk
/// content for a backup (real bytes, real gaps), though no guest could boot from it.
/// </summary>
internal sealed class ArchiveDisk
{
    private const int Record = 512;
    private const UnixFileMode Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
    private readonly MachineFiles _source;
    private readonly List<ArchiveMember> _members = [];
    private long _end = MasterBootRecord.PartitionOffset;

    private ArchiveDisk(MachineFiles source, string path, long size) => (_source, File, Size) = (source, path, size);

    /// <summary>The VHD file.</summary>
    public string File { get; private init; }

    /// <summary>The disk's size in bytes.</summary>
    public long Size { get; }

    /// <summary>How much of the disk holds something, in bytes.</summary>
    public long UsedBytes => _end;

    /// <summary>Makes a disk.</summary>
    /// <param name="source">Names the files.</param>
    /// <param name="path">The VHD file to write.</param>
    /// <param name="size">The disk's size in bytes.</param>
    /// <param name="files">What the archive is to hold.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="PlaygroundException">The files don't fit on the disk.</exception>
    public static async Task<ArchiveDisk> CreateAsync(
        MachineFiles source,
        string path,
        long size,
        IEnumerable<FileInfo> files,
        CancellationToken cancellationToken)
    {
        var disk = new ArchiveDisk(source, path, size);
        var id = new Guid(SHA256.HashData(Encoding.UTF8.GetBytes(Path.GetFileName(path))).AsSpan(0, 16));
        await using var stream = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.Read, 1 << 20);
        stream.SetLength(size + VhdFooter.Length);
        await stream.WriteAsync(MasterBootRecord.Create(size, BitConverter.ToUInt32(id.ToByteArray())), cancellationToken);
        await disk.AppendAsync(stream, files, cancellationToken);
        stream.Position = size;
        await stream.WriteAsync(VhdFooter.Create(size, id, System.IO.File.GetLastWriteTimeUtc(source.Root)), cancellationToken);
        return disk;
    }

    /// <summary>
    /// Makes the disk's next generation, as an update of the system on it would: some files are replaced where they lie,
    /// others are added, and the rest stays untouched.
    /// </summary>
    /// <param name="path">The VHD file to write; this disk's own file is only read.</param>
    /// <param name="replaced">How many files to replace.</param>
    /// <param name="added">The files to add.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task<ArchiveDisk> UpdateAsync(string path, int replaced, IEnumerable<FileInfo> added, CancellationToken cancellationToken)
    {
        await SparseCopy.CreateAsync(File, path, cancellationToken);
        var next = new ArchiveDisk(_source, path, Size) { _end = _end };
        next._members.AddRange(_members);
        await using var stream = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.Read, 1 << 20);
        foreach (var member in _members.Where((_, index) => index % Math.Max(1, _members.Count / replaced) == 0).Take(replaced))
            await ReplaceAsync(stream, member, cancellationToken);
        stream.Position = _end;
        await next.AppendAsync(stream, added, cancellationToken);
        return next;
    }

    /// <summary>Adds files after the last one, and the two empty records that end an archive.</summary>
    private async Task AppendAsync(FileStream stream, IEnumerable<FileInfo> files, CancellationToken cancellationToken)
    {
        stream.Position = _end;
        await using (var archive = new TarWriter(stream, TarEntryFormat.Ustar, leaveOpen: true))
        {
            foreach (var file in files)
            {
                if (stream.Position + file.Length + (4 * Record) > Size)
                    throw new PlaygroundException($"{file.FullName} does not fit on the disk {File} any more.");
                await using var content = file.OpenRead();
                var start = stream.Position;
                await archive.WriteEntryAsync(EntryOf(file, _source.NameOf(file), content), cancellationToken);
                _members.Add(new ArchiveMember(_source.NameOf(file), start, stream.Position - start));
            }

            _end = stream.Position;
        }
    }

    /// <summary>
    /// Puts another file of the archive under the member's name, where the member lies. A smaller one is followed by a filler,
    /// so that the next member's header still stands where a reader looks for it.
    /// </summary>
    private async Task ReplaceAsync(FileStream stream, ArchiveMember member, CancellationToken cancellationToken)
    {
        var donor = _members
            .Where(other => other.Name != member.Name && (other.Length == member.Length || other.Length <= member.Length - (2 * Record)))
            .OrderByDescending(other => other.Length)
            .ThenBy(other => other.Name, StringComparer.Ordinal)
            .FirstOrDefault();
        if (donor.Name is null)
            return;

        var file = new FileInfo(Path.Combine(_source.Root, donor.Name));
        using var replacement = new MemoryStream();
        await using (var archive = new TarWriter(replacement, TarEntryFormat.Ustar, leaveOpen: true))
        {
            await using var content = file.OpenRead();
            await archive.WriteEntryAsync(EntryOf(file, member.Name, content), cancellationToken);
            var rest = (int)(member.Length - replacement.Position);
            if (rest > 0)
            {
                using var filler = new MemoryStream(new byte[rest - Record]);
                await archive.WriteEntryAsync(EntryOf(file, "filler", filler), cancellationToken);
            }
        }

        // The writer's end-of-archive records are left out: the next member follows.
        stream.Position = member.Offset;
        await stream.WriteAsync(replacement.GetBuffer().AsMemory(0, (int)member.Length), cancellationToken);
    }

    private static UstarTarEntry EntryOf(FileInfo file, string name, Stream content) => new(TarEntryType.RegularFile, name)
    {
        DataStream = content,
        Mode = Mode,
        ModificationTime = file.LastWriteTimeUtc,
    };
}
