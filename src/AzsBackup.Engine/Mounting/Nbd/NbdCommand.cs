namespace AzsBackup.Engine.Mounting.Nbd;

/// <summary>Requests of the transmission phase (NBD_CMD_*).</summary>
internal enum NbdCommand : ushort
{
    Read = 0,
    Write = 1,
    Disconnect = 2,
    Trim = 4,
    WriteZeroes = 6,
    BlockStatus = 7,
}
