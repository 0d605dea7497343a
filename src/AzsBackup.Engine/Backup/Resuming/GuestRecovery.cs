using System.Text.Json;
using AzsBackup.Engine.Backup.Quiescing;
using AzsBackup.Engine.Disks;
using AzsBackup.Engine.Stacks;
using AzsBackup.Model;
using AzsBackup.Vault.Runs;

namespace AzsBackup.Engine.Backup.Resuming;

/// <summary>Lets guests go on that runs which died have left deallocated, or says which may still be quiesced.</summary>
internal sealed class GuestRecovery(BackupTools tools)
{
    /// <summary>Looks after every VM of the stack. A failure is warned of and stops nothing.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            foreach (var run in await tools.Vault.ListDeadRunsAsync(tools.SourceName, cancellationToken).ConfigureAwait(false))
            {
                if (!GuestNote.IsOpen(run)) continue;
                var note = GuestNote.Read(await run.ReadNoteAsync(GuestNote.NoteName, cancellationToken).ConfigureAwait(false));
                if (note is not null && ResourceId.TryParse(note.VmId, out var vmId))
                    await RecoverAsync(run, note, vmId, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (AzsException failure)
        {
            tools.Log.Warning($"Whether backups that died have left virtual machines deallocated could not be found out. {failure.Message}");
        }
    }

    private async Task RecoverAsync(UnfinishedRun run, GuestNote note, ResourceId vmId, CancellationToken cancellationToken)
    {
        try
        {
            if (note.Consistency == AzsConsistency.Offline) await StartAsync(note, vmId, cancellationToken).ConfigureAwait(false);
            else
            {
                tools.Log.Warning(
                    $"A backup that died had quiesced VM '{vmId.Name}' by -PreSnapshot at {note.At:yyyy-MM-dd HH:mm:ss} UTC and did not say that -PostSnapshot ran. "
                    + "Look at the guest and let it go on if it does not.");
            }

            await run.WriteNoteAsync(GuestNote.ClosedName, JsonSerializer.SerializeToElement(new { by = "recovery" }), cancellationToken).ConfigureAwait(false);
        }
        catch (AzsException failure)
        {
            tools.Log.Warning(
                $"VM '{vmId.Name}' was deallocated at {note.At:yyyy-MM-dd HH:mm:ss} UTC by a backup that died, and could not be started. {failure.Message} "
                + "Look at it and start it.");
        }
    }

    private async Task StartAsync(GuestNote note, ResourceId vmId, CancellationToken cancellationToken)
    {
        if (await tools.Stack.Resources.FindAsync(vmId, cancellationToken).ConfigureAwait(false) is not { } body) return;
        var state = await GuestPower.ReadAsync(tools.Stack, VmDescription.Describe(body), cancellationToken).ConfigureAwait(false);
        if (state is not ("deallocated" or "deallocating" or "stopped")) return;
        await tools.Stack.Resources.PostAsync(vmId, "start", null, cancellationToken).ConfigureAwait(false);
        tools.Log.Warning(
            $"VM '{vmId.Name}' was started: a backup that died had deallocated it at {note.At:yyyy-MM-dd HH:mm:ss} UTC. If you wanted it to stay so, stop it again.");
    }
}
