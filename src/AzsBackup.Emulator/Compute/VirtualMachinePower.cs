using AzsBackup.Emulator.Arm;

namespace AzsBackup.Emulator.Compute;

/// <summary>Power states, as the suffix of the instance view's <c>PowerState/</c> code.</summary>
internal static class VirtualMachinePower
{
    public const string Running = "running";
    public const string Stopped = "stopped";
    public const string Deallocated = "deallocated";

    public static string Of(ArmResource machine) => machine.State as string ?? Running;
}
