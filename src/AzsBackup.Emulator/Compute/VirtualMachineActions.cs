using AzsBackup.Emulator.Arm;
using AzsBackup.Emulator.Arm.Operations;

namespace AzsBackup.Emulator.Compute;

/// <summary>What a VM can be told to do: start, stop, deallocate, restart, generalize, be captured.</summary>
internal sealed class VirtualMachineActions(StackState stack, VirtualMachineDisks attached, ManagedDisks disks)
{
    public ActionOutcome? Act(ArmResource machine, string action, ArmRequest request)
    {
        VirtualMachineState state = (VirtualMachineState)machine.State!;
        switch (action.ToUpperInvariant())
        {
            case "START":
                RequireNotGeneralized(machine, state, action);
                RequireNoGrant(machine);
                return Go(machine, VirtualMachinePower.Starting, VirtualMachinePower.Running);
            case "RESTART":
                RequireNotGeneralized(machine, state, action);
                // As seen on Azure: MicrosoftDocs/azure-docs issue 32404.
                if (!VirtualMachinePower.IsOn(machine))
                    throw new ArmException(409, "OperationNotAllowed", "The operation requires the VM to be running (or set to run).");
                return Go(machine, VirtualMachinePower.Running, VirtualMachinePower.Running);
            case "REDEPLOY" or "REAPPLY":
                return Go(machine, state.Power, state.Power);
            case "POWEROFF":
                // What is deallocated stays so.
                return state.Power == VirtualMachinePower.Deallocated ? Go(machine, state.Power, state.Power) : Go(machine, VirtualMachinePower.Stopping, VirtualMachinePower.Stopped);
            case "DEALLOCATE":
                return Go(machine, VirtualMachinePower.Deallocating, VirtualMachinePower.Deallocated);
            case "GENERALIZE":
                if (VirtualMachinePower.IsOn(machine))
                    throw new ArmException(409, "OperationNotAllowed", $"Operation 'generalize' is not allowed on VM '{machine.Id.Name}' since the VM is running. Please power off the VM first.");
                return new ActionOutcome(AsyncStyle.None, () =>
                {
                    machine.State = state with { IsGeneralized = true };
                    return null;
                });
            case "CAPTURE":
                return new VirtualMachineCapture(stack, disks).Capture(machine, request);
            default:
                return null;
        }
    }

    private static void RequireNotGeneralized(ArmResource machine, VirtualMachineState state, string action)
    {
        if (state.IsGeneralized)
            throw new ArmException(409, "OperationNotAllowed", $"Operation '{action}' is not allowed on VM '{machine.Id.Name}' since the VM is generalized.");
    }

    private void RequireNoGrant(ArmResource machine)
    {
        if (attached.Of(machine).FirstOrDefault(disks.IsGranted) is { } exported)
            throw new ArmException(409, "OperationNotAllowed", $"Cannot start VM '{machine.Id.Name}' since disk {exported.Id.Name} has an active shared access signature. Call EndGetAccess on the disk before attempting this operation.");
    }

    /// <summary>The VM is on its way at once, and there when the operation is due.</summary>
    private ActionOutcome Go(ArmResource machine, string meanwhile, string then)
    {
        machine.State = ((VirtualMachineState)machine.State!) with { Power = meanwhile, ChangedAt = stack.Now };
        machine.ProvisioningState = "Updating";
        stack.Resources.Touch();
        return new ActionOutcome(AsyncStyle.Both, () =>
        {
            machine.State = ((VirtualMachineState)machine.State!) with { Power = then, ChangedAt = stack.Now };
            if (!machine.IsDeleting)
                machine.ProvisioningState = "Succeeded";
            return null;
        });
    }
}
