namespace AzsBackup.Engine.Mounting.Nbd;

/// <summary>What a chunk of a structured reply holds (NBD_REPLY_TYPE_*).</summary>
internal enum NbdReplyType : ushort
{
    None = 0,
    OffsetData = 1,
    OffsetHole = 2,
    BlockStatus = 5,
    Error = (1 << 15) + 1,
    ErrorOffset = (1 << 15) + 2,
}
