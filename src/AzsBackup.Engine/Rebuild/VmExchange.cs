using AzsBackup.Engine.Running;
using AzsBackup.Engine.Stacks;
using AzsBackup.Model;

namespace AzsBackup.Engine.Rebuild;

/// <summary>
/// Gives a VM other disks. Data disks are exchanged on the deallocated VM; for the OS disk the VM is deleted and made again
/// around the other disks, with its interfaces, because a stamp swaps no OS disks (MicrosoftDocs/azure-stack-docs issue 1562).
/// Once begun it goes on to the end, cancelled or not: the VM has its new disks then, or its old ones and runs as before.
/// </summary>
/// <param name="stack">Where the VM is.</param>
/// <param name="clock">The time.</param>
/// <param name="log">Told what is done to the VM.</param>
public sealed class VmExchange(IStack stack, TimeProvider clock, IRunLog log)
{
    private const int Attempts = 4;

    private static readonly TimeSpan BetweenAttempts = TimeSpan.FromSeconds(5);

    /// <summary>Exchanges disks.</summary>
    /// <param name="vm">The VM as it is, or as it was captured if it is not there any more; with its extensions.</param>
    /// <param name="before">All its disks.</param>
    /// <param name="after">All the disks it is to have.</param>
    /// <param name="cancellationToken">Stops it before it begins; afterwards nothing does.</param>
    /// <exception cref="AzsException">It failed, and the VM is as it was; or <c>VmNotPutBack</c>.</exception>
    public async Task RunAsync(
        CapturedVm vm, IReadOnlyList<RebuildDisk> before, IReadOnlyList<RebuildDisk> after, CancellationToken cancellationToken)
    {
        var id = vm.Vm.Id;
        var isThere = await stack.Resources.FindAsync(id, cancellationToken).ConfigureAwait(false) is not null;
        var state = isThere ? await VmPower.ReadAsync(stack, id, cancellationToken).ConfigureAwait(false) : null;
        var runs = state is not ("deallocated" or "stopped");
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            if (isThere && state != "deallocated")
            {
                log.Verbose($"Deallocating VM '{id.Name}' ({state ?? "in an unknown state"}).");
                await stack.Resources.PostAsync(id, "deallocate", null, CancellationToken.None).ConfigureAwait(false);
            }

            if (isThere && OsPlace(before) == OsPlace(after)) await ChangeDataAsync(vm, after, runs).ConfigureAwait(false);
            else await MakeAgainAsync(vm, after, isThere, runs).ConfigureAwait(false);
        }
        catch (AzsException failure)
        {
            log.Verbose($"VM '{id.Name}' is put back: {failure.Message}");
            await PutBackAsync(vm, before, after, isThere, runs).ConfigureAwait(false);
            throw;
        }
    }

    private static string? OsPlace(IReadOnlyList<RebuildDisk> disks) =>
        disks.FirstOrDefault(disk => disk.Lun is null)?.Place.ToUpperInvariant();

    private async Task ChangeDataAsync(CapturedVm vm, IReadOnlyList<RebuildDisk> disks, bool runs)
    {
        var data = disks.Where(disk => disk.Lun is not null).ToList();
        await stack.Resources.PutAsync(vm.Vm.Id, VmBody.WithDataDisks(vm, data), CancellationToken.None).ConfigureAwait(false);
        if (runs) await stack.Resources.PostAsync(vm.Vm.Id, "start", null, CancellationToken.None).ConfigureAwait(false);
    }

    private async Task MakeAgainAsync(CapturedVm vm, IReadOnlyList<RebuildDisk> disks, bool isThere, bool runs)
    {
        var id = vm.Vm.Id;
        if (isThere) await stack.Resources.DeleteAsync(id, CancellationToken.None).ConfigureAwait(false);
        await stack.Resources.PutAsync(id, VmBody.WithDisks(VmBody.Again(vm), vm, disks), CancellationToken.None).ConfigureAwait(false);
        var extensions = new VmExtensions(stack, log);
        await extensions.InstallAsync(extensions.Plan(vm, id, log.Verbose), CancellationToken.None).ConfigureAwait(false);
        if (!runs) await stack.Resources.PostAsync(id, "deallocate", null, CancellationToken.None).ConfigureAwait(false);
    }

    private async Task PutBackAsync(CapturedVm vm, IReadOnlyList<RebuildDisk> before, IReadOnlyList<RebuildDisk> after, bool wasThere, bool ran)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await TryPutBackAsync(vm, before, after, wasThere, ran).ConfigureAwait(false);
                return;
            }
            catch (AzsException failure) when (attempt < Attempts)
            {
                log.Verbose($"VM '{vm.Vm.Id.Name}' could not be put back yet: {failure.Message}");
                await Task.Delay(BetweenAttempts, clock, CancellationToken.None).ConfigureAwait(false);
            }
            catch (AzsException failure)
            {
                throw new AzsException(
                    AzsErrorKind.RemoteFailed,
                    "VmNotPutBack",
                    $"VM '{vm.Vm.Id.Name}' could not be put back on its disks ({string.Join(", ", before.Select(disk => disk.Place))}). {failure.Message}",
                    "Look at it; its disks and network interfaces are all there, so it can be made again with them.",
                    vm.Vm.Id.ToString(),
                    failure);
            }
        }
    }

    private async Task TryPutBackAsync(CapturedVm vm, IReadOnlyList<RebuildDisk> before, IReadOnlyList<RebuildDisk> after, bool wasThere, bool ran)
    {
        var id = vm.Vm.Id;
        var now = await stack.Resources.FindAsync(id, CancellationToken.None).ConfigureAwait(false);
        var os = now is null ? null : BodyJson.IdAt(now.Json, "properties", "storageProfile", "osDisk", "managedDisk")?.ToString()
            ?? now.FindText("properties", "storageProfile", "osDisk", "vhd", "uri");
        if (now is not null && OsPlace(before) != OsPlace(after) && os?.ToUpperInvariant() == OsPlace(after))
        {
            await stack.Resources.DeleteAsync(id, CancellationToken.None).ConfigureAwait(false);
            now = null;
        }

        if (!wasThere) return;
        if (now is null) await MakeAgainAsync(vm, before, isThere: false, ran).ConfigureAwait(false);
        else await ChangeDataAsync(vm, before, ran).ConfigureAwait(false);
    }
}
