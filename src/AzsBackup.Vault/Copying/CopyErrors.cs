using AzsBackup.Model;

namespace AzsBackup.Vault.Copying;

/// <summary>The failures of copying a vault.</summary>
internal static class CopyErrors
{
    public static AzsException SamePlace(string location) => new(
        AzsErrorKind.InvalidInput, "CopyDestinationIsSource", $"The vault at '{location}' can't be copied onto itself.",
        "Give another place: a copy is of use only where it does not share the first one's fate.", location);

    public static AzsException ForeignVault(string location) => new(
        AzsErrorKind.InvalidInput, "CopyDestinationForeign", $"The vault at '{location}' is not a copy of the source: its vault.json is another.",
        "Copy into an empty place, or into a vault that was made by copying this one.", location);

    public static AzsException OpenersKeyGone(string location) => new(
        AzsErrorKind.Busy, "VaultKeyGone", $"The key that opened the vault at '{location}' is there no more; a copy might be one that nobody can open.",
        "Open the vault again with a key that works.", location);

    public static AzsException Damaged(string pointId, IReadOnlyList<string> objects) => new(
        AzsErrorKind.DataDamaged, "CopySourceDamaged",
        $"The recovery point '{pointId}' is not whole in the source: {objects.Count} of its objects are damaged or missing, '{objects[0]}' for one.",
        "Verify the source with Test-AzsBackupVault; a later backup or a copy of the vault may still hold what is missing.", pointId);

    public static AzsException DestinationDamaged(string chunk, string location, Exception cause) => new(
        AzsErrorKind.DataDamaged, "CopyDestinationDamaged", $"The vault at '{location}' holds '{chunk}' already, and it is damaged there.",
        "Repair that vault with Test-AzsBackupVault -Repair, from the source of the copy, then copy again.", chunk, cause);

    public static AzsException BeingRemoved(string pointId, string location) => new(
        AzsErrorKind.Busy, "CopyPointVanished", $"The recovery point '{pointId}' is just being removed from the vault at '{location}'.",
        "Run Optimize-AzsBackupVault there, which finishes the removal, then copy again.", pointId);

    public static AzsException RemovedMeanwhile(string pointId) => new(
        AzsErrorKind.NotFound, "PointNotFound", $"The recovery point '{pointId}' was removed from the source while it was being copied.",
        "Nothing: removed points are not copied.", pointId);

    public static AzsException GivenUp(string pointId, string location) => new(
        AzsErrorKind.Busy, "CopyPointGivenUp",
        $"The vault at '{location}' has given up the recovery point '{pointId}': an earlier copy of it was broken off, and the vault was optimized before it was resumed.",
        "Its other points are copied; to have this one as well, copy the vault to another place.", pointId);

    public static AzsException Condemned(string listName, string pointId) => new(
        AzsErrorKind.Busy, "CopyChunkCondemned",
        $"The destination is just deleting chunks that the recovery point '{pointId}' needs, or a run that did so was broken off: '{listName}' is claimed.",
        "Copy again when nobody optimizes the destination any more.", pointId);

    public static AzsException PartsGone(string pointId, string location) => new(
        AzsErrorKind.Busy, "CopyPointVanished", $"Somebody removed the recovery point '{pointId}' from the vault at '{location}' while it was copied there.",
        "Copy again when nobody removes points from the destination.", pointId);
}
