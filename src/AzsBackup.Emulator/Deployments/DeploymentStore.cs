using AzsBackup.Emulator.Arm;
using AzsBackup.Emulator.Deployments.Planning;
using AzsBackup.Emulator.Persistence;

namespace AzsBackup.Emulator.Deployments;

/// <summary>The deployments of the subscription. Guarded by the stack's gate.</summary>
internal sealed class DeploymentStore(FactTable<DeploymentRecord> facts)
{
    private readonly SortedDictionary<string, DeploymentRecord> _records = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<DeploymentRecord> _unsaved = [];

    public IEnumerable<DeploymentRecord> All => _records.Values;

    public IReadOnlyList<DeploymentRecord> Active => [.. _records.Values.Where(record => record.IsActive).OrderBy(record => record.StartedAt)];

    public DeploymentRecord? Find(string id) => _records.GetValueOrDefault(id);

    public void Put(DeploymentRecord record)
    {
        if (_records.TryGetValue(record.Id, out DeploymentRecord? replaced))
            Remove(replaced);
        _records[record.Id] = record;
        _unsaved.Add(record);
    }

    public void Remove(DeploymentRecord record)
    {
        _records.Remove(record.Id);
        _unsaved.Remove(record);
        facts.Remove(record.Id);
    }

    /// <summary>Those of a scope, not those of the groups in it, newest first.</summary>
    public IEnumerable<DeploymentRecord> At(string scope) =>
        _records.Values.Where(record => record.Target.Scope.Equals(scope, StringComparison.OrdinalIgnoreCase)).OrderByDescending(record => record.StartedAt);

    /// <summary>Forgets the deployments of a group that is gone.</summary>
    public void RemoveAt(string scope)
    {
        foreach (DeploymentRecord record in At(scope).ToList())
            Remove(record);
    }

    /// <summary>Keeps those that may have changed: the active ones, and those that have ended since the last time.</summary>
    public void Save()
    {
        if (!facts.IsKept)
            return;
        foreach (DeploymentRecord record in _unsaved)
            facts.Set(record.Id, record);
        _unsaved.RemoveWhere(record => !record.IsActive);
    }

    /// <summary>Puts back what was there before a restart. A deployment that was under way has failed; what it had begun goes on by itself.</summary>
    /// <param name="now">When they ended, if they were under way.</param>
    /// <param name="rewrite">Applied to what was kept before it is read.</param>
    /// <exception cref="IOException">A fact cannot be read back.</exception>
    public void Restore(DateTimeOffset now, Func<string, string> rewrite)
    {
        foreach ((_, DeploymentRecord record) in facts.Load(rewrite))
        {
            _records[record.Id] = record;
            if (!record.IsActive)
                continue;
            ArmException interrupted = new(500, "InternalServerError", "The deployment was interrupted by a restart of the stack.");
            foreach (PlannedResource resource in record.Plan.Resources.Where(resource => !resource.IsDone))
            {
                bool hasBegun = resource.State == PlannedState.Running;
                resource.State = hasBegun ? PlannedState.Failed : PlannedState.Skipped;
                (resource.EndedAt, resource.StatusCode) = (now, interrupted.Status);
                resource.Error = hasBegun ? new() { ["error"] = interrupted.ToError() } : null;
            }

            record.Error = interrupted.ToError();
            record.End(DeploymentState.Failed, now);
            _unsaved.Add(record);
        }
    }
}
