using AzsBackup.Model;

namespace AzsBackup.Engine.Proving;

/// <summary>How recovery points are tried out.</summary>
public sealed record ProofOptions
{
    /// <summary>How far.</summary>
    public AzsProofLevel Level { get; init; } = AzsProofLevel.Structure;

    /// <summary>How many chunks are read at once; 1 or more.</summary>
    public int ChunksInFlight { get; init; } = 8;

    /// <summary>Who tries it out, on which machine.</summary>
    public required string By { get; init; }
}
