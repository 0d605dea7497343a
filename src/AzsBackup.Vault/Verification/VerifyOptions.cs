using AzsBackup.Model;

namespace AzsBackup.Vault.Verification;

/// <summary>What to verify. Indexes, documents and all else but chunks are always read in full, and that every chunk is there is always checked.</summary>
public sealed record VerifyOptions
{
    /// <summary>Of how many chunks in a hundred the content is read back; more than 0, at most 100.</summary>
    public double SamplePercent { get; init; } = 100;

    /// <summary>Which chunks a sample consists of: the same seed, the same chunks.</summary>
    public int Seed { get; init; }

    /// <summary>Only chunks that were not read back for so long, by the store's clock; <see langword="null"/> for all.</summary>
    public TimeSpan? NotVerifiedFor { get; init; }

    /// <summary>How many objects are read and checked at once; 1 or more. Each takes up to twice the chunk size of memory.</summary>
    public int Parallelism { get; init; } = 8;

    /// <summary>
    /// A whole copy of this vault to repair from: a vault with the same id and master key, or, if neither is encrypted, any
    /// vault that holds the same chunks. <see langword="null"/> to repair nothing. Stays the caller's.
    /// </summary>
    public BackupVault? RepairFrom { get; init; }

    /// <summary>Told now and then how many bytes of chunks have been read so far.</summary>
    public IProgress<long>? Progress { get; init; }

    /// <summary>How many chunks a record of verified chunks holds: so many are verified again after a run that was stopped.</summary>
    internal int ChunksPerRecord { get; init; } = 1 << 14;

    /// <summary>Checks all options.</summary>
    /// <exception cref="AzsException"><c>VerifyOptionsInvalid</c>.</exception>
    public void Validate()
    {
        if (!(SamplePercent > 0 && SamplePercent <= 100) || NotVerifiedFor < TimeSpan.Zero || Parallelism < 1)
        {
            throw new AzsException(
                AzsErrorKind.InvalidInput, "VerifyOptionsInvalid", "This can't be verified.",
                "Give a sample of more than 0 and at most 100 percent, a time that is not negative, and at least one worker.");
        }
    }
}
