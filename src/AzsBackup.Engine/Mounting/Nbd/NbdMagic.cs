namespace AzsBackup.Engine.Mounting.Nbd;

/// <summary>
/// The magic numbers, flags and sizes of the NBD protocol, all big-endian on the wire. Source, here and in all of this folder:
/// "The NBD protocol", doc/proto.md of github.com/NetworkBlockDevice/nbd.
/// </summary>
internal static class NbdMagic
{
    /// <summary><c>NBDMAGIC</c>: what a server says first.</summary>
    public const ulong Greeting = 0x4e42444d41474943;

    /// <summary><c>IHAVEOPT</c>: newstyle negotiation; also begins each option a client sends.</summary>
    public const ulong Option = 0x49484156454F5054;

    /// <summary>Begins each reply to an option.</summary>
    public const ulong OptionReply = 0x3e889045565a9;

    /// <summary>Begins each request.</summary>
    public const uint Request = 0x25609513;

    /// <summary>Begins a simple reply.</summary>
    public const uint SimpleReply = 0x67446698;

    /// <summary>Begins a chunk of a structured reply.</summary>
    public const uint StructuredReply = 0x668e33ef;

    /// <summary>Handshake flag, both ways: fixed newstyle.</summary>
    public const uint FixedNewstyle = 1;

    /// <summary>Handshake flag, both ways: no 124 zeros after an answer to <see cref="NbdOption.ExportName"/>.</summary>
    public const uint NoZeroes = 2;

    /// <summary>Transmission flag: the flags mean something.</summary>
    public const ushort HasFlags = 1;

    /// <summary>Transmission flag: the export can't be written to.</summary>
    public const ushort ReadOnly = 2;

    /// <summary>Transmission flag: reads may be asked for in one piece; only with structured replies.</summary>
    public const ushort SendDontFragment = 128;

    /// <summary>Transmission flag: several connections see the same.</summary>
    public const ushort CanMultipleConnections = 256;

    /// <summary>Command flag: answer a read in one piece.</summary>
    public const ushort DontFragment = 4;

    /// <summary>Command flag: say the status of one extent only.</summary>
    public const ushort RequireOne = 8;

    /// <summary>Flag of a structured reply's last chunk.</summary>
    public const ushort Done = 1;

    /// <summary>Block status of <c>base:allocation</c>: nothing is allocated there (1) and it reads as zeros (2).</summary>
    public const uint HoleAndZero = 3;

    /// <summary>The longest read or write that clients may count on without having asked, in bytes: 32 MiB.</summary>
    public const int MaximumPayload = 32 << 20;

    /// <summary>The longest name, in bytes.</summary>
    public const int MaximumName = 4096;
}
