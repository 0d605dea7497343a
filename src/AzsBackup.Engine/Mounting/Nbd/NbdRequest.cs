using System.Buffers.Binary;

namespace AzsBackup.Engine.Mounting.Nbd;

/// <summary>A request as it stands on the wire: magic (4), flags (2), type (2), cookie (8), offset (8), length (4).</summary>
internal readonly record struct NbdRequest(ushort Flags, NbdCommand Command, ulong Cookie, ulong Offset, uint Length)
{
    public const int WireLength = 28;

    /// <exception cref="NbdProtocolException">These bytes begin no request.</exception>
    public static NbdRequest Read(ReadOnlySpan<byte> wire) =>
        BinaryPrimitives.ReadUInt32BigEndian(wire) == NbdMagic.Request
            ? new NbdRequest(
                BinaryPrimitives.ReadUInt16BigEndian(wire[4..]),
                (NbdCommand)BinaryPrimitives.ReadUInt16BigEndian(wire[6..]),
                BinaryPrimitives.ReadUInt64BigEndian(wire[8..]),
                BinaryPrimitives.ReadUInt64BigEndian(wire[16..]),
                BinaryPrimitives.ReadUInt32BigEndian(wire[24..]))
            : throw new NbdProtocolException("A request does not begin as one.");
}
