namespace AzsBackup.Emulator.Faults;

/// <summary>Which of the stack's services a request is for; each refuses in its own words.</summary>
internal enum FaultTarget
{
    Arm,

    Blob,

    /// <summary>The identity provider, and the metadata that leads to it.</summary>
    Identity,

    /// <summary>The data plane of key vaults.</summary>
    Vault,
}
