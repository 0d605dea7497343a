namespace AzsBackup.Emulator.Faults;

/// <summary>A request body to which something happens on its way.</summary>
internal sealed class FaultyRequestBody(HttpContext context, Stream inner, BodyFault fault, TimeProvider clock) : Stream
{
    private readonly BodyPace _pace = new(fault, clock, context.RequestAborted);
    private long _passed;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_passed >= fault.TruncateAfter || buffer.IsEmpty)
            return 0;
        if (_passed >= fault.DropAfter)
        {
            context.Abort();
            throw new IOException("The connection was cut by a fault.");
        }

        await _pace.HoldAsync(_passed);
        int most = (int)Math.Min(Math.Min(_pace.Most, buffer.Length), fault.NextStop(_passed) - _passed);
        int read = await inner.ReadAsync(buffer[..most], cancellationToken);
        fault.Flip(_passed, buffer.Span[..read]);
        _passed += read;
        return read;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("Bodies are read asynchronously.");

    public override void Flush() => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
