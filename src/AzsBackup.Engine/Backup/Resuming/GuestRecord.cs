using AzsBackup.Engine.Backup.Quiescing;
using AzsBackup.Engine.Disks;
using AzsBackup.Model;

namespace AzsBackup.Engine.Backup.Resuming;

/// <summary>Remembers quiet guests in the vault, with the runs that made them so.</summary>
internal sealed class GuestRecord(IReadOnlyList<VmBackupRun> runs, AzsConsistency level, TimeProvider clock) : IGuestRecord
{
    public Task WriteAsync(VmDescription vm, CancellationToken cancellationToken)
    {
        var note = new GuestNote(GuestNote.CurrentFormat, vm.Id.ToString(), level, clock.GetUtcNow().UtcDateTime);
        return Find(vm).Journal.WriteNoteAsync(GuestNote.NoteName, note.Write(), cancellationToken);
    }

    public async Task CloseAsync(VmDescription vm)
    {
        var journal = Find(vm).Journal;
        if (!journal.HasNote(GuestNote.NoteName)) return;
        try
        {
            var note = new GuestNote(GuestNote.CurrentFormat, vm.Id.ToString(), level, clock.GetUtcNow().UtcDateTime);
            await journal.WriteNoteAsync(GuestNote.ClosedName, note.Write(), CancellationToken.None).ConfigureAwait(false);
        }
        catch (AzsException)
        {
            // Whoever finds the record looks first whether the guest runs.
        }
    }

    private VmBackupRun Find(VmDescription vm) => runs.First(run => run.Plan.Vm.Id == vm.Id);
}
