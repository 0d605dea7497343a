namespace AzsBackup.Vault.Maintenance;

/// <summary>What the store holds of one condemned list.</summary>
internal sealed class CondemnedRecord(string id)
{
    public string Id { get; } = id;

    /// <summary>When the list was created, by the store's clock; <see langword="null"/> if it is gone.</summary>
    public DateTime? CreatedAt { get; set; }

    /// <summary>Whether it is known which sessions may not have seen it.</summary>
    public bool HasWaits { get; set; }

    /// <summary>The objects by which sweepers claimed it.</summary>
    public List<string> Claims { get; } = [];
}
