namespace AzsBackup.Engine.Mounting.Nbd;

/// <summary>What a client may want to know of an export (NBD_INFO_*).</summary>
internal enum NbdInfo : ushort
{
    Export = 0,
    Name = 1,
    Description = 2,
    BlockSize = 3,
}
