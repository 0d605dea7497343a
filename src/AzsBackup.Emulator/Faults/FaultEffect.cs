namespace AzsBackup.Emulator.Faults;

/// <summary>What a fault does to a request.</summary>
internal sealed record FaultEffect
{
    /// <summary>Waited before the request is looked at.</summary>
    public TimeSpan Latency { get; init; }

    /// <summary>Up to so much is waited beyond <see cref="Latency"/>.</summary>
    public TimeSpan Jitter { get; init; }

    /// <summary>Answered in place of the real answer.</summary>
    public FaultAnswer? Answer { get; init; }

    /// <summary>What happens to the body of the answer.</summary>
    public BodyFault? Response { get; init; }

    /// <summary>What happens to the body of the request.</summary>
    public BodyFault? Request { get; init; }

    /// <summary>The SAS of the request has expired, for this request and all later ones.</summary>
    public bool ExpiresSas { get; init; }

    /// <summary>The bearer token of the request has expired, for this request and all later ones.</summary>
    public bool ExpiresToken { get; init; }

    /// <summary>The share of a diff's ranges that its answer leaves out; more than 0, at most 1.</summary>
    public double? OmittedShare { get; init; }

    /// <summary>What becomes of the operation the request starts; <see cref="Answer"/> says how one fails.</summary>
    public OperationFate? Operation { get; init; }

    /// <summary>Whether the effect can happen to such a request at all. One it can't happen to passes the fault by, and is not counted.</summary>
    public bool Concerns(FaultSubject subject) =>
        (OmittedShare is null || subject.IsPageDiff)
        && (Operation is null || (subject.Target == FaultTarget.Arm && subject.Method is not ("GET" or "HEAD")))
        && (Answer?.Words is null || Answer.Words.Value switch
        {
            FaultWord.DiffUnsupported => subject.IsPageDiff,
            _ => subject.Target == FaultTarget.Arm,
        })
        && (!ExpiresSas || subject.PathAndQuery.Contains("sig=", StringComparison.OrdinalIgnoreCase))
        && (!ExpiresToken || subject.Target is FaultTarget.Arm or FaultTarget.Vault);
}
