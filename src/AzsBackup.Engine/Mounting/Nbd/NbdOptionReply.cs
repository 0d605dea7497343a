namespace AzsBackup.Engine.Mounting.Nbd;

/// <summary>What a server answers to an option (NBD_REP_*).</summary>
internal enum NbdOptionReply : uint
{
    Acknowledged = 1,
    Server = 2,
    Info = 3,
    MetaContext = 4,
    Unsupported = (1U << 31) + 1,
    ForbiddenByPolicy = (1U << 31) + 2,
    Invalid = (1U << 31) + 3,
    Unknown = (1U << 31) + 6,
}
