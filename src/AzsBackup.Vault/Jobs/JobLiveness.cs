using AzsBackup.Vault.Maintenance;

namespace AzsBackup.Vault.Jobs;

/// <summary>Which runs live: those whose sessions were heard of lately.</summary>
internal sealed class JobLiveness
{
    /// <summary>A session beats every ten minutes: after so long a silence its process is dead, or cut off from the vault.</summary>
    public static readonly TimeSpan Silence = TimeSpan.FromMinutes(45);

    private readonly HashSet<string> _living;

    private JobLiveness(HashSet<string> living) => _living = living;

    public bool Lives(string sessionId) => _living.Contains(sessionId);

    /// <summary>Looks who lives.</summary>
    /// <param name="access">The vault.</param>
    /// <param name="sessionId">A session of the caller's own: what it was heard at is the store's time now, or nearly; without one, the caller's clock has to do.</param>
    /// <param name="cancellationToken">Stops the looking.</param>
    public static async Task<JobLiveness> ReadAsync(VaultAccess access, string? sessionId, CancellationToken cancellationToken)
    {
        var writers = (await SessionCensus.TakeAsync(access, cancellationToken).ConfigureAwait(false)).Writers;
        var now = writers.FirstOrDefault(writer => writer.SessionId == sessionId)?.HeardAt ?? access.Runtime.Time.GetUtcNow().UtcDateTime;
        return new JobLiveness(writers.Where(writer => now - writer.HeardAt < Silence).Select(writer => writer.SessionId).ToHashSet(StringComparer.Ordinal));
    }
}
