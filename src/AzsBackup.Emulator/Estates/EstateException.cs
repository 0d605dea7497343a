namespace AzsBackup.Emulator.Estates;

/// <summary>An estate, or a disk image it names, cannot be loaded. The message is one sentence for the person who wrote it.</summary>
public sealed class EstateException : Exception
{
    public EstateException(string message) : base(message)
    {
    }

    public EstateException(string message, Exception inner) : base(message, inner)
    {
    }
}
