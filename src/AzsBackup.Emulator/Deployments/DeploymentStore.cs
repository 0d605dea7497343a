namespace AzsBackup.Emulator.Deployments;

/// <summary>The deployments of the subscription. Guarded by the stack's gate.</summary>
internal sealed class DeploymentStore
{
    private readonly SortedDictionary<string, DeploymentRecord> _records = new(StringComparer.OrdinalIgnoreCase);

    public IEnumerable<DeploymentRecord> All => _records.Values;

    public IReadOnlyList<DeploymentRecord> Active => [.. _records.Values.Where(record => record.IsActive).OrderBy(record => record.StartedAt)];

    public DeploymentRecord? Find(string id) => _records.GetValueOrDefault(id);

    public void Put(DeploymentRecord record) => _records[record.Id] = record;

    public void Remove(DeploymentRecord record) => _records.Remove(record.Id);

    /// <summary>Those of a scope, not those of the groups in it, newest first.</summary>
    public IEnumerable<DeploymentRecord> At(string scope) =>
        _records.Values.Where(record => record.Target.Scope.Equals(scope, StringComparison.OrdinalIgnoreCase)).OrderByDescending(record => record.StartedAt);

    /// <summary>Forgets the deployments of a group that is gone.</summary>
    public void RemoveAt(string scope)
    {
        foreach (DeploymentRecord record in At(scope).ToList())
            Remove(record);
    }
}
