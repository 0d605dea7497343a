using AzsBackup.Model;

namespace AzsBackup.Engine.Readiness;

/// <summary>Says what only a trial could tell.</summary>
internal sealed class UntriedProbe : IReadinessProbe
{
    public string Name => "Exports";

    public Task<IReadOnlyList<Finding>> RunAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<Finding>>(
        TrialProbe.Probes.Select(probe => new Finding(
            probe,
            AzsReadinessStatus.Unknown,
            "It was not tried, because that takes a disk and snapshots on the stack.",
            "Run Test-AzsStack -Probe, which makes an empty disk of 1 GiB with two snapshots, reads them, and deletes all three.")).ToList());
}
