using AzsBackup.Vault.Format;
using AzsBackup.Vault.Proofs;
using AzsBackup.Vault.Removal;
using AzsBackup.Vault.Stores;

namespace AzsBackup.Vault.Maintenance;

/// <summary>What the store holds of one point, published or not.</summary>
internal sealed class PointFolder(string name)
{
    /// <summary>The prefix of its objects, ending in '/'.</summary>
    public string Name { get; } = name;

    public string PointId => Name.Split('/')[3];

    /// <summary>The prefix of all points of its item, ending in '/'.</summary>
    public string ItemName => Name[..(Name.TrimEnd('/').LastIndexOf('/') + 1)];

    /// <summary>When point.json was created, by the store's clock; <see langword="null"/> if there is none. It may say that the point was given up.</summary>
    public DateTime? PointAt { get; private set; }

    /// <summary>All its other objects, marks included.</summary>
    public List<string> Parts { get; } = [];

    public List<StoredMark> Marks { get; } = [];

    public List<StoredProof> Proofs { get; } = [];

    /// <summary>Whether nothing is left of the point but what was said about it.</summary>
    public bool HoldsWordsOnly => Parts.Count == Marks.Count + Proofs.Count;

    /// <summary>When the youngest of all its objects was created, by the store's clock.</summary>
    public DateTime YoungestAt { get; private set; }

    /// <summary>Takes in what a listing shows.</summary>
    public void Add(StoredObject stored, string part)
    {
        if (stored.CreatedAt > YoungestAt)
            YoungestAt = stored.CreatedAt;
        if (stored.Name == ObjectNames.Point(Name))
        {
            PointAt = stored.CreatedAt;
            return;
        }

        Parts.Add(part);
        if (MaintenanceNames.TryParseMark(part, out int number))
            Marks.Add(new StoredMark(number, stored.CreatedAt));
        else if (ProofNames.TryParse(part, out string id))
            Proofs.Add(new StoredProof(id, stored.CreatedAt));
    }
}
