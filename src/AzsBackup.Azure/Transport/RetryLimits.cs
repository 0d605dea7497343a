namespace AzsBackup.Azure.Transport;

/// <summary>How long to try again.</summary>
/// <param name="Retries">Attempts after the first; those that were refused because there were too many requests don't count.</param>
/// <param name="FirstWait">The wait before the first retry where the service asks for none; it doubles with each.</param>
/// <param name="LongestWait">What that wait grows to at most.</param>
/// <param name="Patience">
/// How long a request may be held back in all because the service wants fewer. Where it asks for more, its answer goes to the
/// caller at once.
/// </param>
internal sealed record RetryLimits(int Retries, TimeSpan FirstWait, TimeSpan LongestWait, TimeSpan Patience)
{
    /// <summary>For the first words with a stack, where a person waits: a wrong name or a dead host must show at once.</summary>
    public static RetryLimits Connecting { get; } =
        new(1, TimeSpan.FromSeconds(0.5), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(10));

    /// <summary>For token endpoints.</summary>
    public static RetryLimits SignIn { get; } =
        new(2, TimeSpan.FromSeconds(0.5), TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(30));

    /// <summary>
    /// For work under way. A stamp that is being patched fails for minutes on end, and its request limit counts per hour,
    /// so waits are long rather than many.
    /// </summary>
    public static RetryLimits Working { get; } =
        new(10, TimeSpan.FromSeconds(0.8), TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(15));
}
