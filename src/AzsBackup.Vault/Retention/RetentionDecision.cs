namespace AzsBackup.Vault.Retention;

/// <summary>What retention says of a point.</summary>
/// <param name="Point">The point.</param>
/// <param name="Reasons">All reasons to keep it.</param>
public readonly record struct RetentionDecision(RetainedPoint Point, RetentionReasons Reasons)
{
    /// <summary>Whether it stays.</summary>
    public bool Keep => Reasons != RetentionReasons.None;
}
