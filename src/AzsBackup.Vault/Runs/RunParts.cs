namespace AzsBackup.Vault.Runs;

/// <summary>What the store holds of one run.</summary>
internal sealed class RunParts
{
    /// <summary>The number of its turn, if that is there.</summary>
    public int? Turn { get; set; }

    /// <summary>What its notes are called.</summary>
    public HashSet<string> Notes { get; } = new(StringComparer.Ordinal);

    /// <summary>The numbers of its pages.</summary>
    public SortedSet<int> Pages { get; } = [];

    /// <summary>When the youngest of its notes and pages was created, by the store's clock.</summary>
    public DateTime YoungestAt { get; set; }
}
