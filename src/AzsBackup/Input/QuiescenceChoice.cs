using System.Management.Automation;
using AzsBackup.Engine.Backup.Quiescing;
using AzsBackup.Engine.Running;
using AzsBackup.Engine.Stacks;
using AzsBackup.Model;

namespace AzsBackup.Input;

/// <summary>How the user wants VMs to be made quiet, checked before anything is touched.</summary>
internal sealed class QuiescenceChoice
{
    private readonly Func<IStack, IRunLog, IQuiescence> _make;

    private QuiescenceChoice(Func<IStack, IRunLog, IQuiescence> make) => _make = make;

    /// <summary>Takes the parameters in: to be called on the pipeline thread.</summary>
    /// <exception cref="AzsException">They contradict each other.</exception>
    public static QuiescenceChoice From(
        AzsConsistency consistency, ScriptBlock? before, ScriptBlock? after, TimeSpan limit, Func<string, object?> readVariable)
    {
        if (consistency == AzsConsistency.Application)
        {
            if (before is null)
            {
                throw new AzsException(
                    AzsErrorKind.InvalidInput,
                    "PreSnapshotMissing",
                    "-Consistency Application needs to know how applications are made quiet.",
                    "Give a script block with -PreSnapshot, and one with -PostSnapshot that lets them go on.");
            }

            var (first, last) = (GuestScript.From("-PreSnapshot", before, readVariable), after is null ? null : GuestScript.From("-PostSnapshot", after, readVariable));
            return new QuiescenceChoice((_, log) => new ScriptQuiescence(first.WithLog(log), last?.WithLog(log), limit));
        }

        if (before is not null || after is not null)
        {
            throw new AzsException(
                AzsErrorKind.InvalidInput,
                "ScriptsNotUsed",
                $"-PreSnapshot and -PostSnapshot are not run with -Consistency {consistency}.",
                "Say -Consistency Application, or leave the script blocks out.");
        }

        return consistency == AzsConsistency.Offline
            ? new QuiescenceChoice((stack, log) => new OfflineQuiescence(stack, TimeProvider.System, log))
            : new QuiescenceChoice((_, _) => new NoQuiescence());
    }

    /// <summary>Makes what the engine takes.</summary>
    public IQuiescence Make(IStack stack, IRunLog log) => _make(stack, log);
}
