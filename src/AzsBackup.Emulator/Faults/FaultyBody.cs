namespace AzsBackup.Emulator.Faults;

/// <summary>A response body that ends, or breaks, after a number of bytes.</summary>
internal sealed class FaultyBody(HttpContext context, Stream inner, long limit, bool breaks) : Stream
{
    private long _left = limit;

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
        int now = (int)Math.Min(_left, buffer.Length);
        _left -= now;
        if (now > 0)
            await inner.WriteAsync(buffer[..now], cancellationToken);
        if (now == buffer.Length || !breaks)
            return;
        await inner.FlushAsync(cancellationToken);
        context.Abort();
        throw new IOException("The connection was cut by a fault.");
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
