namespace AzsBackup.Engine.Mounting.Nbd;

/// <summary>What a client asks for before it reads (NBD_OPT_*). Others are answered as unsupported.</summary>
internal enum NbdOption : uint
{
    ExportName = 1,
    Abort = 2,
    List = 3,
    Info = 6,
    Go = 7,
    StructuredReply = 8,
    ListMetaContext = 9,
    SetMetaContext = 10,
}
