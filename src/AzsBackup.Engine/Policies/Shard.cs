using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using AzsBackup.Engine.Stacks;
using AzsBackup.Model;

namespace AzsBackup.Engine.Policies;

/// <summary>A share of all VMs, for one of several workers: the same VM belongs to the same share everywhere and always.</summary>
/// <param name="Index">Which share, from 1.</param>
/// <param name="Count">How many there are.</param>
public sealed record Shard(int Index, int Count)
{
    /// <summary>Reads <c>i/n</c>; null for no text: then all VMs are meant.</summary>
    /// <exception cref="AzsException"><c>ShardInvalid</c>.</exception>
    public static Shard? Parse(string? text)
    {
        if (text is null) return null;
        return text.Split('/') is [var first, var second]
            && int.TryParse(first, NumberStyles.None, CultureInfo.InvariantCulture, out var index)
            && int.TryParse(second, NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            && count is >= 1 and <= 1000 && index >= 1 && index <= count
                ? new Shard(index, count)
                : throw PolicyErrors.ShardInvalid(text);
    }

    /// <summary>Whether a VM belongs to this share: by the SHA-256 of its id in lower case, so the spelling does not matter.</summary>
    public bool Contains(ResourceId vm)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(vm.ToString().ToLowerInvariant()), hash);
        return BinaryPrimitives.ReadUInt64BigEndian(hash) % (ulong)Count == (ulong)(Index - 1);
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Index}/{Count}");
}
