namespace AzsBackup.Emulator.Blobs.Authentication;

/// <summary>What the credentials of a request allow.</summary>
internal sealed record Access(bool IsOwner, string Permissions)
{
    public static Access None { get; } = new(false, "");

    /// <summary>Signed with an account key: everything.</summary>
    public static Access Owner { get; } = new(true, "");

    /// <summary>False with a SAS that may create blobs but not write over them.</summary>
    public bool MayOverwrite => IsOwner || Permissions.Contains('w', StringComparison.Ordinal);
}
