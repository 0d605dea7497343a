namespace AzsBackup.Vault.Maintenance;

/// <summary>What the store holds of one point, published or not.</summary>
internal sealed class PointFolder(string name)
{
    /// <summary>The prefix of its objects, ending in '/'.</summary>
    public string Name { get; } = name;

    /// <summary>Whether there is a point.json: the point's own, or the one that says that the point was given up.</summary>
    public bool HasPoint { get; set; }

    /// <summary>All its other objects.</summary>
    public List<string> Parts { get; } = [];

    /// <summary>When the youngest of all its objects was created, by the store's clock.</summary>
    public DateTime YoungestAt { get; set; }
}
