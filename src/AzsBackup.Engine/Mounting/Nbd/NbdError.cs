namespace AzsBackup.Engine.Mounting.Nbd;

/// <summary>The errors the protocol knows (numbers as in Linux).</summary>
internal enum NbdError : uint
{
    None = 0,
    NotPermitted = 1,
    InputOutput = 5,
    Invalid = 22,
}
