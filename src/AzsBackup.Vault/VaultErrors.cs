using AzsBackup.Model;

namespace AzsBackup.Vault;

/// <summary>The failures of a vault, each with its stable id.</summary>
internal static class VaultErrors
{
    public static AzsException NotFound(string location) => new(
        AzsErrorKind.NotFound, "VaultNotFound", $"There is no vault at '{location}'.",
        "Check the path, or make a vault there with New-AzsBackupVault.", location);

    public static AzsException Gone(string location) => new(
        AzsErrorKind.StorageFailed, "VaultGone",
        $"What is at '{location}' now is not what this run began to write to: its session is not there. The vault was unmounted, deleted or exchanged meanwhile.",
        "Check that the vault's volume, share or container is connected, look for a stray folder of the same path, then run again.", location);

    public static AzsException ItemBusy(string sessionId, DateTime heardAt) => new(
        AzsErrorKind.Busy, "ItemBusy",
        $"Another run is at work on it (session {sessionId}, last heard of {heardAt:yyyy-MM-dd HH:mm:ss} UTC by the store's clock).",
        "Wait until it has ended; one that died counts as living until nothing was heard of it for 45 minutes, unless it ran on this machine.", sessionId);

    public static AzsException Exists(string location) => new(
        AzsErrorKind.AlreadyExists, "VaultExists", $"There is a vault at '{location}' already.",
        "Use it with Get-AzsBackupVault, or choose another place for a new one.", location);

    public static AzsException FolderNotEmpty(string location, string found) => new(
        AzsErrorKind.InvalidInput, "VaultFolderNotEmpty", $"'{location}' holds something that is no vault: '{found}'.",
        "Choose an empty place, or one that does not exist yet.", location);

    public static AzsException Damaged(string location, string why, Exception? cause = null) => new(
        AzsErrorKind.DataDamaged, "VaultDamaged", $"The description of the vault at '{location}' is damaged: {why}",
        "Bring vault.json and the folder keys back from a copy of the vault; the data itself is not touched by this.", location, cause);

    public static AzsException FormatTooNew(string location, long version) => new(
        AzsErrorKind.NotSupported, "VaultFormatTooNew",
        $"The vault at '{location}' has format version {version}; this version of AzsBackup knows versions up to {BackupVault.FormatVersion}.",
        "Install a newer version of AzsBackup.", location);

    public static AzsException WrongPassword(string location) => new(
        AzsErrorKind.AuthenticationFailed, "VaultWrongPassword", $"The passphrase does not open the vault at '{location}'.",
        "Give a passphrase that was added to this vault and not removed, or another of its keys; without one nobody can read what the vault holds.", location);

    public static AzsException PasswordRequired(string why, string? location = null) => new(
        AzsErrorKind.AuthenticationFailed, "VaultPasswordRequired", why,
        "Give the vault's passphrase with -Password, or another of its keys.", location);

    public static AzsException SecretMissing(string location) => PasswordRequired($"The vault at '{location}' is encrypted.", location);

    public static AzsException NoKeys(string location) => new(
        AzsErrorKind.InvalidInput, "VaultHasNoKeys", $"The vault at '{location}' is not encrypted, so it has no keys.",
        "Make an encrypted vault, and back up to that one.", location);

    public static AzsException KeyNotFound(string id, string location) => new(
        AzsErrorKind.NotFound, "VaultKeyNotFound", $"The vault at '{location}' has no key '{id}'.",
        "Open the vault again and look at its KeySlots.", id);

    public static AzsException KeyInUse(string id, string location) => new(
        AzsErrorKind.InvalidInput, "VaultKeyInUse", $"The key '{id}' is the one that opened the vault at '{location}'.",
        "Open the vault with another of its keys and remove this one then, which shows that another one works; or give -Force.", id);

    public static AzsException LastKey(string id, string location) => new(
        AzsErrorKind.InvalidInput, "VaultKeyLast", $"The key '{id}' is the last one known to open the vault at '{location}'; it was not removed.",
        "Add another key with Add-AzsBackupVaultKey and open the vault with that one before you remove this.", id);

    public static AzsException OpenersKeyGone(string id, string location) => new(
        AzsErrorKind.Busy, "VaultKeyGone", $"The key that opened the vault at '{location}' has been removed or changed since; '{id}' was left, or put back.",
        "Open the vault again with a key that works, and look at its KeySlots.", id);

    public static AzsException KeyUnproven() => new(
        AzsErrorKind.DataDamaged, "VaultKeyUnproven", "The new key slot did not open with the very secret it was made for; nothing was stored.",
        "Try again; if it happens again, this computer's memory or processor makes errors: make no backups with it.");

    public static AzsException WrongCertificate(string subject, string location) => new(
        AzsErrorKind.AuthenticationFailed, "VaultWrongCertificate", $"The certificate '{subject}' does not open the vault at '{location}'.",
        "Give a certificate that was added to this vault, with its private key, or another key of the vault.", location);

    public static AzsException CertificateUnsuitable(string subject, string why, Exception? cause = null) => new(
        AzsErrorKind.InvalidInput, "VaultCertificateUnsuitable", $"The certificate '{subject}' can't open a vault: {why}",
        "Give a certificate with an RSA key of 2048 bits or more that may sign and decrypt, together with its private key.", subject, cause);

    public static AzsException WrongRecoveryKey(string location) => new(
        AzsErrorKind.AuthenticationFailed, "VaultWrongRecoveryKey", $"The recovery key does not open the vault at '{location}'.",
        "Compare the vault's id with the one on the sheet; the key may also have been removed.", location);

    public static AzsException RecoveryKeyInvalid(string why) => new(
        AzsErrorKind.InvalidInput, "RecoveryKeyInvalid", $"This is no recovery key: {why}",
        "Compare it with the printed sheet: 14 groups of five characters, the last of each a check character.");

    public static AzsException NotEncrypted(string location) => new(
        AzsErrorKind.InvalidInput, "VaultNotEncrypted", $"A secret was given, but the vault at '{location}' says that it is not encrypted.",
        "Leave the secret out if the vault was made with -NoEncryption; if it was not, its vault.json has been replaced: do not write to it.", location);

    public static AzsException PointNotFound(string id, string location) => new(
        AzsErrorKind.NotFound, "PointNotFound", $"There is no recovery point '{id}' in the vault at '{location}'.",
        "List the points of the vault with Get-AzsVmBackup.", id);

    public static AzsException DocumentNotFound(string name, string id) => new(
        AzsErrorKind.NotFound, "DocumentNotFound", $"The recovery point '{id}' holds no document '{name}'.",
        "Look at the point's header for the documents it holds.", name);

    public static AzsException PointDamaged(string name, string why, Exception? cause = null) => new(
        AzsErrorKind.DataDamaged, "PointDamaged", $"'{name}' is damaged: {why}",
        "Restore from another recovery point, or bring the object back from a copy of the vault.", name, cause);

    public static AzsException ChunkDamaged(string name, string why, Exception? cause = null) => new(
        AzsErrorKind.DataDamaged, "ChunkDamaged", $"The chunk '{name}' is damaged: {why}",
        "Restore from a recovery point that does not need it, or bring the object back from a copy of the vault.", name, cause);

    public static AzsException ChunkContentWrong(string name) => ChunkDamaged(name, "its content is not what its name says.");

    public static AzsException ChunkMissing(string name) => new(
        AzsErrorKind.DataDamaged, "ChunkMissing", $"The chunk '{name}' is missing from the vault.",
        "Restore from a recovery point that does not need it, bring the object back from a copy of the vault, or back up the disk in full: that stores it again if the disk still holds it.", name);

    public static AzsException WriteConflict(string name) => new(
        AzsErrorKind.StorageFailed, "VaultWriteConflict", $"'{name}' exists already with other content.",
        "Run again; if it happens again, find out what else writes to the vault's storage.", name);

    public static AzsException SessionEnded(string sessionId) => new(
        AzsErrorKind.Busy, "SessionEnded",
        "Nothing was heard of this backup for so long that the vault's maintenance took it for dead: it may not publish any more.",
        "Run it again; if that happens often, give Optimize a longer time after which a silent session counts as dead.", sessionId);

    public static AzsException MaintenanceObjectDamaged(string name, string why, Exception? cause = null) => new(
        AzsErrorKind.DataDamaged, "MaintenanceObjectDamaged", $"'{name}' is damaged: {why}",
        "Make sure that nobody is optimizing the vault, then delete this object: it names garbage, and the next run finds that anew.", name, cause);

    public static AzsException ClockDamaged(string name, Exception? cause = null) => new(
        AzsErrorKind.DataDamaged, "VaultClockDamaged", $"'{name}', by which the vault knows how much time has passed, is damaged.",
        "If the clocks of this machine and of the vault's storage are right, run Optimize-AzsBackupVault once with -TrustClock.", name, cause);

    public static AzsException PointPinned(string id) => new(
        AzsErrorKind.InvalidInput, "PointPinned", $"The recovery point '{id}' is pinned.",
        "Unpin it first, with Set-AzsVmBackup -Pinned:$false, if it may really go.", id);

    public static AzsException PointLocked(string id, DateTime until) => new(
        AzsErrorKind.PermissionDenied, "PointLocked",
        string.Create(System.Globalization.CultureInfo.InvariantCulture, $"The recovery point '{id}' may not be removed before {until:yyyy-MM-dd HH:mm:ss} UTC."),
        "Wait until then; a lock can't be taken back.", id);

    public static AzsException PointBeingRemoved(string id) => new(
        AzsErrorKind.NotFound, "PointBeingRemoved", $"The delay of the recovery point '{id}' has passed and it is being removed.",
        "Use another recovery point; list them with Get-AzsVmBackup.", id);

    public static AzsException PointMarksDamaged(string id, string why) => new(
        AzsErrorKind.DataDamaged, "PointMarksDamaged", $"What is to become of the recovery point '{id}' can't be read: {why}",
        "Bring the object back from a copy of the vault (Test-AzsBackupVault -Repair); until then the point is kept.", id);

    public static AzsException RemovalInvalid(string why) => new(
        AzsErrorKind.InvalidInput, "RemovalInvalid", why, "Give a time from 0 to 100 years; and dates in the future.");

    public static AzsException RetentionDamaged(string location, string why) => new(
        AzsErrorKind.DataDamaged, "VaultRetentionDamaged", $"How long the vault at '{location}' must keep its recovery points can't be read: {why}",
        "Bring the object back from a copy of the vault (Test-AzsBackupVault -Repair); until then nothing is removed.", location);

    public static AzsException RepairSourceWrong(string copy, string location) => new(
        AzsErrorKind.InvalidInput, "RepairSourceWrong", $"The vault at '{copy}' is no copy of the one at '{location}': it has other keys, so nothing in it can be told to be the same.",
        "Give a vault that was made as a copy of this one, with the same id.", copy);

    public static AzsException SettingChanged(string name, string location) => new(
        AzsErrorKind.Busy, "VaultSettingChanged", $"'{name}' in the vault at '{location}' was changed by somebody else meanwhile.",
        "Read it again, then decide whether your change is still wanted.", name);

    public static AzsException JobNumbersUsedUp(string folder) => new(
        AzsErrorKind.DataDamaged, "VaultJobNumbersUsedUp", $"No run can be recorded in '{folder}': an object there has the greatest number there is.",
        "Delete the object of that number; no run made it.", folder);
}
