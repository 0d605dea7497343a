namespace AzsBackup.Emulator.Compute;

/// <summary>What a VM keeps beside its body.</summary>
/// <param name="Power">The suffix of the instance view's <c>PowerState/</c> code.</param>
/// <param name="ChangedAt">When it was last provisioned, started or stopped.</param>
/// <param name="IsGeneralized">Whether its guest was told to forget who it is, so that it can become an image and not start again.</param>
internal sealed record VirtualMachineState(string Power, DateTimeOffset ChangedAt, bool IsGeneralized);
