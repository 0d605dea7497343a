using System.Text.Json;
using System.Text.Json.Serialization;
using AzsBackup.Model;

namespace AzsBackup.Engine.Replication;

/// <summary>
/// What a replica is and which blob snapshots are its newest point. It lies beside the blobs on the target, so that the target
/// needs nothing of the source. Writing it publishes a cycle: what it does not name is no point.
/// </summary>
public sealed record ReplicaManifest
{
    /// <summary>The version of the manifest this engine writes.</summary>
    public const string CurrentFormat = "azsbackup-replica/1";

    private static readonly JsonSerializerOptions Style = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        WriteIndented = true,
    };

    /// <summary>The version of the manifest.</summary>
    public string Format { get; init; } = CurrentFormat;

    /// <summary>The replica's id.</summary>
    public required string Id { get; init; }

    /// <summary>The VM's name.</summary>
    public required string VmName { get; init; }

    /// <summary>The VM's ARM id on the source.</summary>
    public required string SourceVmId { get; init; }

    /// <summary>The host name of the source stack.</summary>
    public required string Source { get; init; }

    /// <summary>When the newest point's snapshots were asked for on the source (UTC).</summary>
    public required DateTime PointTime { get; init; }

    /// <summary>How long the cycle took, in seconds.</summary>
    public required double DurationSeconds { get; init; }

    /// <summary>When the VM was failed over to this replica (UTC); null while it was not.</summary>
    public DateTime? FailedOverAt { get; init; }

    /// <summary>The disks: the OS disk first, then by LUN.</summary>
    public required IReadOnlyList<ReplicaManifestDisk> Disks { get; init; }

    /// <summary>Reads a manifest.</summary>
    /// <exception cref="AzsException">It is damaged, or of a newer format.</exception>
    public static ReplicaManifest Read(ReadOnlySpan<byte> json, string target)
    {
        ReplicaManifest? manifest;
        try
        {
            manifest = JsonSerializer.Deserialize<ReplicaManifest>(json, Style);
        }
        catch (JsonException damage)
        {
            throw Damaged(target, damage);
        }

        if (manifest is null) throw Damaged(target, null);
        return manifest.Format == CurrentFormat
            ? manifest
            : throw new AzsException(
                AzsErrorKind.NotSupported,
                "ReplicaFormatTooNew",
                $"The replica {target} has format '{manifest.Format}'; this version knows '{CurrentFormat}'.",
                "Use a newer version of the module.",
                target);
    }

    /// <summary>The manifest as a document's content.</summary>
    public byte[] Write() => JsonSerializer.SerializeToUtf8Bytes(this, Style);

    private static AzsException Damaged(string target, Exception? cause) => new(
        AzsErrorKind.DataDamaged,
        "ReplicaManifestDamaged",
        $"The manifest of the replica {target} can't be read.",
        "Run Copy-AzsStackReplica again to publish a new point.",
        target,
        cause);
}
