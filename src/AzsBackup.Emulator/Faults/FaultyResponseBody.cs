namespace AzsBackup.Emulator.Faults;

/// <summary>A response body to which something happens on its way.</summary>
internal sealed class FaultyResponseBody(HttpContext context, Stream inner, BodyFault fault, TimeProvider clock) : Stream
{
    private readonly BodyPace _pace = new(fault, clock, context.RequestAborted);
    private long _passed;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (!buffer.IsEmpty)
        {
            if (_passed >= fault.TruncateAfter)
                return;
            if (_passed >= fault.DropAfter)
            {
                await inner.FlushAsync(cancellationToken);
                context.Abort();
                throw new IOException("The connection was cut by a fault.");
            }

            if (_passed >= fault.StallAfter)
                await inner.FlushAsync(cancellationToken);
            await _pace.HoldAsync(_passed);
            int now = (int)Math.Min(Math.Min(_pace.Most, buffer.Length), fault.NextStop(_passed) - _passed);
            // A copy: the bytes may belong to a blob.
            byte[] piece = buffer[..now].ToArray();
            fault.Flip(_passed, piece);
            await inner.WriteAsync(piece, cancellationToken);
            _passed += now;
            buffer = buffer[now..];
        }
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);

    public override void Flush() => throw new NotSupportedException("Bodies are written asynchronously.");

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("Bodies are written asynchronously.");

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
