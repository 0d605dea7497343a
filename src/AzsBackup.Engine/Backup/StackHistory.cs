using System.Collections.Concurrent;
using AzsBackup.Engine.Stacks;
using AzsBackup.Vault;

namespace AzsBackup.Engine.Backup;

/// <summary>The newest recovery point of each VM of one stack in a vault. Safe for concurrent use.</summary>
internal sealed class StackHistory
{
    private readonly ConcurrentDictionary<string, (PointHeader Header, VmPointDetails Details)> _newest = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>
    /// What the newest points say of the stack's change reports. One that says they can't be trusted outweighs all others: a
    /// stack lies to all its tenants' VMs alike.
    /// </summary>
    public ChangeReport Report
    {
        get
        {
            var reports = _newest.Values.Select(point => (point.Details.ChangeReport, point.Header.StoredAt)).ToList();
            if (reports.Exists(report => report.ChangeReport == ChangeReport.Distrusted)) return ChangeReport.Distrusted;
            return reports.Where(report => report.ChangeReport != ChangeReport.Unknown)
                .OrderByDescending(report => report.StoredAt).Select(report => report.ChangeReport).FirstOrDefault();
        }
    }

    public static async Task<StackHistory> LoadAsync(BackupVault vault, string source, CancellationToken cancellationToken)
    {
        var history = new StackHistory();
        await foreach (var point in vault.ListNewestPointsAsync(source, cancellationToken).ConfigureAwait(false))
        {
            if (VmPointDetails.Read(point) is { } details) history.Add(point, details);
        }

        return history;
    }

    public void Add(PointHeader header, VmPointDetails details) => _newest[details.VmId] = (header, details);

    /// <summary>The VM's newest point; null if it has none.</summary>
    public (PointHeader Header, VmPointDetails Details)? FindNewest(ResourceId vm) =>
        _newest.TryGetValue(vm.ToString(), out var point) ? point : null;
}
