using AzsBackup.Emulator.Arm;

namespace AzsBackup.Emulator.Compute;

/// <summary>Power states, as the suffix of the instance view's <c>PowerState/</c> code.</summary>
internal static class VirtualMachinePower
{
    public const string Starting = "starting";
    public const string Running = "running";
    public const string Stopping = "stopping";
    public const string Stopped = "stopped";
    public const string Deallocating = "deallocating";
    public const string Deallocated = "deallocated";

    public static string Of(ArmResource machine) => (machine.State as VirtualMachineState)?.Power ?? Running;

    /// <summary>Where a change leads that nobody carries out any more; other states stay.</summary>
    public static string Settled(string power) => power switch
    {
        Starting => Running,
        Stopping => Stopped,
        Deallocating => Deallocated,
        _ => power,
    };

    /// <summary>Whether the VM holds no compute, so that its disks are free to be exported and resized.</summary>
    public static bool IsFree(ArmResource machine) => Of(machine) == Deallocated;

    /// <summary>Whether a guest may be writing.</summary>
    public static bool IsOn(ArmResource machine) => Of(machine) is Running or Starting or Stopping or Deallocating;
}
