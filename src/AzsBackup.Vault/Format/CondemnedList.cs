using System.Buffers.Binary;
using AzsBackup.Model;

namespace AzsBackup.Vault.Format;

/// <summary>A list of what is about to be deleted (FORMAT.md §9): chunks that no point needs, and points that were never published.</summary>
internal sealed record CondemnedList(IReadOnlyList<CondemnedChunk> Chunks, IReadOnlyList<string> PointFolders)
{
    /// <summary>The most entries a list may have.</summary>
    public const int MaximumEntries = 1 << 18;

    private const int HeaderLength = 16;
    private const int ChunkEntry = ChunkName.Length + 8;
    private const int FolderEntry = 3 * 16;
    private const byte Version = 1;

    private static ReadOnlySpan<byte> Magic => "AZCL"u8;

    public byte[] Write()
    {
        byte[] content = new byte[HeaderLength + ChunkEntry * Chunks.Count + FolderEntry * PointFolders.Count];
        var space = content.AsSpan();
        Magic.CopyTo(space);
        space[4] = Version;
        BinaryPrimitives.WriteInt32LittleEndian(space[8..], Chunks.Count);
        BinaryPrimitives.WriteInt32LittleEndian(space[12..], PointFolders.Count);
        space = space[HeaderLength..];
        foreach (var chunk in Chunks)
        {
            chunk.Name.CopyTo(space);
            BinaryPrimitives.WriteInt32LittleEndian(space[ChunkName.Length..], chunk.Generation);
            BinaryPrimitives.WriteInt32LittleEndian(space[(ChunkName.Length + 4)..], chunk.Length);
            space = space[ChunkEntry..];
        }

        foreach (string folder in PointFolders)
        {
            Convert.FromHexString(string.Concat(folder.Split('/')[1..4])).CopyTo(space);
            space = space[FolderEntry..];
        }

        return content;
    }

    /// <summary>Reads a list; <see langword="null"/> if the bytes are none.</summary>
    public static CondemnedList? Read(ReadOnlySpan<byte> content)
    {
        if (content.Length < HeaderLength || !content.StartsWith(Magic) || content[4] != Version || content[5..8].ContainsAnyExcept((byte)0))
            return null;
        int chunkCount = BinaryPrimitives.ReadInt32LittleEndian(content[8..]);
        int folderCount = BinaryPrimitives.ReadInt32LittleEndian(content[12..]);
        if (chunkCount is < 0 or > MaximumEntries || folderCount is < 0 or > MaximumEntries
            || content.Length != HeaderLength + ChunkEntry * chunkCount + FolderEntry * folderCount)
        {
            return null;
        }

        var rest = content[HeaderLength..];
        var chunks = new CondemnedChunk[chunkCount];
        for (int i = 0; i < chunkCount; i++, rest = rest[ChunkEntry..])
        {
            chunks[i] = new CondemnedChunk(
                new ChunkName(rest[..ChunkName.Length]),
                BinaryPrimitives.ReadInt32LittleEndian(rest[ChunkName.Length..]),
                BinaryPrimitives.ReadInt32LittleEndian(rest[(ChunkName.Length + 4)..]));
            if (chunks[i].Generation < 0 || chunks[i].Length < 0)
                return null;
        }

        var folders = new string[folderCount];
        for (int i = 0; i < folderCount; i++, rest = rest[FolderEntry..])
        {
            string hex = Convert.ToHexString(rest[..FolderEntry]).ToLowerInvariant();
            folders[i] = ObjectNames.PointFolder(hex[..32], hex[32..64], hex[64..]);
        }

        return new CondemnedList(chunks, folders);
    }

    /// <summary>Reads a list from the store; <see langword="null"/> if it is gone.</summary>
    /// <exception cref="AzsException"><c>MaintenanceObjectDamaged</c>, or a failure of the store.</exception>
    public static Task<CondemnedList?> FindAsync(VaultAccess access, string id, CancellationToken cancellationToken) =>
        FindObjectAsync(access, ObjectNames.Condemned(id), cancellationToken);

    /// <summary>Reads a list by its object's name; <see langword="null"/> if it is gone.</summary>
    /// <exception cref="AzsException"><c>MaintenanceObjectDamaged</c>, or a failure of the store.</exception>
    public static async Task<CondemnedList?> FindObjectAsync(VaultAccess access, string name, CancellationToken cancellationToken)
    {
        try
        {
            using var content = await access.FindAsync(ObjectRole.Condemned, name, cancellationToken).ConfigureAwait(false);
            return content is null ? null
                : Read(content.Span) ?? throw VaultErrors.MaintenanceObjectDamaged(name, "it is no list of condemned chunks.");
        }
        catch (AzsException exception) when (exception.ErrorId is "PointDamaged" or "ObjectTooLong")
        {
            throw VaultErrors.MaintenanceObjectDamaged(name, "it does not open.", exception);
        }
    }
}
