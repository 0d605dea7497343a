namespace AzsBackup.Model;

/// <summary>The end of a restore in place: for good, or undone.</summary>
public sealed record AzsVmRestoreCompletion
{
    /// <summary>The VM's name.</summary>
    public required string VmName { get; init; }

    /// <summary>The VM's ARM id.</summary>
    public required string VmId { get; init; }

    /// <summary>Whether the VM has its old disks again; false if it keeps the restored ones.</summary>
    public required bool Undone { get; init; }

    /// <summary>The old disks: deleted, or in use again. ARM ids, or addresses of blobs.</summary>
    public required IReadOnlyList<string> OldDisks { get; init; }

    /// <inheritdoc/>
    public override string ToString() => $"{VmName}: {(Undone ? "undone" : "completed")}";
}
