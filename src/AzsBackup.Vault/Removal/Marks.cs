using AzsBackup.Vault.Format;

namespace AzsBackup.Vault.Removal;

/// <summary>Makes marks.</summary>
internal static class Marks
{
    /// <summary>A mark made now: by the writer's clock, or by what the store shows to have passed if that is later.</summary>
    /// <param name="access">The vault.</param>
    /// <param name="newestPointAt">The store's time at least.</param>
    /// <param name="kind">What it says.</param>
    public static MarkDocument Make(VaultAccess access, DateTime newestPointAt, string kind)
    {
        var now = access.Runtime.Time.GetUtcNow().UtcDateTime;
        return new MarkDocument
        {
            MarkVersion = MarkDocument.CurrentVersion,
            Kind = kind,
            MadeAt = JsonTime.Write(now > newestPointAt ? now : newestPointAt),
            Seconds = 0,
            Until = "",
            ByRetention = false,
        };
    }
}
