namespace AzsBackup.Vault.Retention;

/// <summary>Applies a policy to the points of a vault, item by item. Decides only: <see cref="Removal.PointRemoval"/> asks for the removals.</summary>
public static class VaultRetention
{
    /// <summary>
    /// Decides for all points that can be read and that nobody asked to remove: those that go anyway keep no other from going, and
    /// a point whose time can't be read is not removed by a rule.
    /// </summary>
    /// <param name="points">The points of a vault, or all points of some of its items.</param>
    /// <param name="policy">What to keep.</param>
    /// <param name="now">The time now (UTC): locks that end later are reasons to keep.</param>
    /// <returns>A decision for each, item by item, newest first.</returns>
    /// <exception cref="Model.AzsException"><c>RetentionPolicyInvalid</c>.</exception>
    public static IReadOnlyList<(PointHeader Point, RetentionDecision Decision)> Decide(IEnumerable<PointHeader> points, RetentionPolicy policy, DateTime now)
    {
        policy.Validate();
        var decided = new List<(PointHeader, RetentionDecision)>();
        var candidates = points.Where(point => !point.IsDamaged && point.MarksDamage is null && point.RemovalDueAt is null);
        foreach (var item in candidates.GroupBy(point => (point.Source, point.Item)))
        {
            var byId = item.ToDictionary(point => point.Id, StringComparer.Ordinal);
            foreach (var decision in PointRetention.Decide(item.Select(point => new RetainedPoint(point.Id, point.CreatedAt, point.Pinned)), policy))
            {
                var point = byId[decision.Point.Id];
                decided.Add((point, point.LockedUntil > now ? decision with { Reasons = decision.Reasons | RetentionReasons.Locked } : decision));
            }
        }

        return decided;
    }
}
