namespace AzsBackup.Emulator.Faults;

/// <summary>A refusal in place of an answer. What is not given is said in the words of the service that is asked.</summary>
internal sealed record FaultAnswer
{
    public FaultWord? Words { get; init; }

    public int? Status { get; init; }

    public string? Code { get; init; }

    public string? Message { get; init; }

    /// <summary>The Retry-After header as it is sent.</summary>
    public string? RetryAfter { get; init; }

    /// <summary>The Retry-After header as a date, so far ahead of the stack's clock.</summary>
    public TimeSpan? RetryAfterDate { get; init; }
}
