namespace AzsBackup.Emulator.Arm.Operations;

/// <summary>What a provider's status documents tell beside the status (recorded: Azure CLI against Microsoft.Network, Microsoft.Compute).</summary>
internal enum OperationDetail
{
    /// <summary>The status alone, and the error if it failed: network.</summary>
    Status,

    /// <summary>When it began and ended, and its name: virtual machines.</summary>
    Times,

    /// <summary>The result as well, as <c>properties.output</c>: disks and snapshots.</summary>
    Output,
}
