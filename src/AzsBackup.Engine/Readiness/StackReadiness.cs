using System.Runtime.CompilerServices;
using AzsBackup.Engine.Disks;
using AzsBackup.Engine.Running;
using AzsBackup.Engine.Stacks;
using AzsBackup.Model;

namespace AzsBackup.Engine.Readiness;

/// <summary>Finds out what a stack can do, and what the sign-in may do there.</summary>
/// <param name="stack">The stack.</param>
/// <param name="clock">The time to compare the stack's with.</param>
/// <param name="runIds">Names for what a trial makes.</param>
/// <param name="log">Told what a trial leaves behind, should cleaning up fail.</param>
public sealed class StackReadiness(IStack stack, TimeProvider clock, IRunIdSource runIds, IRunLog log)
{
    /// <summary>
    /// Runs the probes, and gives each row as soon as it is known. A stack that can't be reached is asked nothing more.
    /// </summary>
    /// <param name="trial">
    /// Also makes an empty disk of 1 GiB and two snapshots of it, reads them, and deletes all three: so only can be known how the stack's blob
    /// service reads exports and tells changes. Without it nothing is changed on the stack.
    /// </param>
    /// <param name="cancellationToken">Stops the probes; what a trial has made is deleted first.</param>
    public async IAsyncEnumerable<AzsStackReadiness> RunAsync(bool trial, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        IReadinessProbe[] probes =
        [
            new ConnectionProbe(stack, clock),
            new ProviderProbe(stack),
            new RoleProbe(stack),
            new LockProbe(stack),
            new QuotaProbe(stack),
            trial ? new TrialProbe(stack, runIds, clock, log, new SnapshotOptions()) : new UntriedProbe(),
        ];
        foreach (var probe in probes)
        {
            var (findings, failure) = await TryAsync(probe, cancellationToken).ConfigureAwait(false);
            foreach (var finding in findings) yield return Describe(finding);
            if (failure is not null && probe == probes[0]) yield break;
        }
    }

    private static async Task<(IReadOnlyList<Finding> Findings, AzsException? Failure)> TryAsync(IReadinessProbe probe, CancellationToken cancellationToken)
    {
        try
        {
            return (await probe.RunAsync(cancellationToken).ConfigureAwait(false), null);
        }
        catch (AzsException failure)
        {
            var status = failure.Kind is AzsErrorKind.ConnectionFailed or AzsErrorKind.CertificateUntrusted or AzsErrorKind.AuthenticationFailed
                ? AzsReadinessStatus.Missing
                : AzsReadinessStatus.Unknown;
            return ([new Finding(probe.Name, status, failure.Message, failure.NextStep)], failure);
        }
    }

    private AzsStackReadiness Describe(Finding finding) => new()
    {
        Stack = stack.Connection.Name,
        Probe = finding.Probe,
        Status = finding.Status,
        Detail = finding.Detail,
        NextStep = finding.NextStep,
    };
}
