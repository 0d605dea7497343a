namespace AzsBackup.Vault.Removal;

/// <summary>What a mark says (FORMAT.md §11).</summary>
internal static class MarkKind
{
    /// <summary>The point shall be removed when the delay has passed.</summary>
    public const string Remove = "remove";

    /// <summary>It shall not, after all.</summary>
    public const string Keep = "keep";

    /// <summary>Nobody may remove the point until it is unpinned.</summary>
    public const string Pin = "pin";

    public const string Unpin = "unpin";

    /// <summary>Nobody may remove the point before a date. Never taken back.</summary>
    public const string Lock = "lock";

    /// <summary>The point is removed now. The last word: nothing brings it back.</summary>
    public const string Removing = "removing";

    /// <summary>Of the vault: nobody may remove a point before it has this age. Never taken back.</summary>
    public const string Minimum = "minimum";
}
