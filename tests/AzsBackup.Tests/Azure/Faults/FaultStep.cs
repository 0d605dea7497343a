namespace AzsBackup.Tests.Azure.Faults;

/// <summary>A step of a run, by the request it makes.</summary>
/// <param name="Operation">The request, as a fault file names it.</param>
internal sealed record FaultStep(string Operation)
{
    /// <summary>Whether it goes to the vault rather than to the VM's stack.</summary>
    public bool OnVault { get; init; }

    /// <summary>Whether it is signed with an account's key, which does not end.</summary>
    public bool ByKey { get; init; }

    /// <summary>How many such requests go well before.</summary>
    public int After { get; init; }

    /// <summary>Whether it is part of signing in, so that the run begins with that.</summary>
    public bool SignsIn => Operation is "Token" or "Metadata";

    /// <summary>Whether it goes to a blob service.</summary>
    public bool OnBlobs => !Operation.Contains('/', StringComparison.Ordinal) && !SignsIn;

    /// <summary>Whether the request has a body.</summary>
    public bool HasBody => Operation is "PutBlob" or "PutPage" || Operation.EndsWith("/write", StringComparison.Ordinal) || Operation.EndsWith("beginGetAccess/action", StringComparison.Ordinal);

    /// <summary>Whether it starts an operation that goes on after its answer.</summary>
    public bool Starts => (Operation.StartsWith("Microsoft.Compute/", StringComparison.Ordinal) && (Operation.EndsWith("/write", StringComparison.Ordinal) || Operation.EndsWith("/delete", StringComparison.Ordinal)))
        || Operation is "Microsoft.Compute/snapshots/beginGetAccess/action" or "Microsoft.Compute/snapshots/endGetAccess/action";

    /// <summary>Whether the step gives something back, so that what it fails to give back stays until the next run, which is told of.</summary>
    public bool GivesBack => Operation.EndsWith("/delete", StringComparison.Ordinal) || Operation is "Microsoft.Compute/snapshots/endGetAccess/action" or "DeleteBlob";
}
