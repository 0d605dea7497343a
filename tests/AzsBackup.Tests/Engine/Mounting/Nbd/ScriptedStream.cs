namespace AzsBackup.Tests.Engine.Mounting.Nbd;

/// <summary>A client that has said all it has to say, and listens to nothing.</summary>
internal sealed class ScriptedStream(byte[] said) : MemoryStream(said, writable: false)
{
    public override bool CanWrite => true;

    public override void Write(byte[] buffer, int offset, int count)
    {
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => ValueTask.CompletedTask;

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => Task.CompletedTask;
}
