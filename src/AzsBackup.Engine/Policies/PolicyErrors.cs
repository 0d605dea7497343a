using AzsBackup.Model;

namespace AzsBackup.Engine.Policies;

/// <summary>The failures of policies, each with its stable id.</summary>
internal static class PolicyErrors
{
    public static AzsException Invalid(string name, IEnumerable<string> faults) => new(
        AzsErrorKind.InvalidInput, "PolicyInvalid", $"The policy '{name}' can't be as it is: {string.Join(' ', faults)}",
        "Mend what is said with New- or Set-AzsVmBackupPolicy.", name);

    public static AzsException RuleInvalid(string why) => new(
        AzsErrorKind.InvalidInput, "PolicyRuleInvalid", why,
        "Give hash tables with the keys VmName, ResourceGroupName, SubscriptionId and Tag, for example @{ VmName = 'app-*'; Tag = @{ env = 'prod' } }.");

    public static AzsException Exists(string name) => new(
        AzsErrorKind.AlreadyExists, "PolicyExists", $"There is a policy '{name}' already.",
        "Change it with Set-AzsVmBackupPolicy, or choose another name.", name);

    public static AzsException NotFound(string name) => new(
        AzsErrorKind.NotFound, "PolicyNotFound", $"There is no policy '{name}' in the vault.",
        "List its policies with Get-AzsVmBackupPolicy.", name);

    public static AzsException Changed(string name, Exception cause) => new(
        AzsErrorKind.Busy, "PolicyChanged", $"The policy '{name}' was changed by somebody else meanwhile; that change holds.",
        "Look at it with Get-AzsVmBackupPolicy and change it again if that is still wanted.", name, cause);

    public static AzsException Damaged(string name, string why) => new(
        AzsErrorKind.DataDamaged, "PolicyDamaged", $"The policy '{name}' can't be read: {why}",
        "Bring it back from a copy of the vault (Test-AzsBackupVault -Repair), or make it anew with New-AzsVmBackupPolicy -Force.", name);

    public static AzsException TooNew(string name) => new(
        AzsErrorKind.NotSupported, "PolicyTooNew", $"The policy '{name}' was written by a newer version of AzsBackup.",
        "Install a newer version of AzsBackup.", name);

    public static AzsException ZoneUnknown(string id, Exception? cause = null) => new(
        AzsErrorKind.InvalidInput, "TimeZoneUnknown", $"There is no time zone '{id}' on this machine.",
        "Give an IANA name such as Europe/Berlin, or a Windows name such as W. Europe Standard Time; on a Linux without zones install the package tzdata.", id, cause);

    public static AzsException ShardInvalid(string text) => new(
        AzsErrorKind.InvalidInput, "ShardInvalid", $"'{text}' is not a share.", "Give i/n with i from 1 to n and n up to 1000, for example 2/3.", text);
}
