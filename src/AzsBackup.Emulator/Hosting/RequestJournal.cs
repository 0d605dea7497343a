using System.Text.RegularExpressions;

namespace AzsBackup.Emulator.Hosting;

/// <summary>The last requests served, without the secrets of their queries.</summary>
internal sealed partial class RequestJournal
{
    private const int Kept = 2000;
    private readonly Lock _gate = new();
    private readonly Queue<RecordedRequest> _requests = new();
    private long _total;
    private long _contentBytes;

    public long Total => Interlocked.Read(ref _total);

    /// <summary>Bytes of blobs and exported disks answered, whether or not the client took all of them.</summary>
    public long ContentBytes => Interlocked.Read(ref _contentBytes);

    public void CountContent(long bytes) => Interlocked.Add(ref _contentBytes, bytes);

    /// <summary>Enters a request when it arrives, so that whoever has its answer finds it here; its status follows.</summary>
    public RecordedRequest Enter(HttpContext context)
    {
        string text = Signature().Replace(context.Request.Path + context.Request.QueryString, "$1=REDACTED");
        RecordedRequest entered = new(context.Request.Method, text);
        Interlocked.Increment(ref _total);
        lock (_gate)
        {
            _requests.Enqueue(entered);
            if (_requests.Count > Kept)
                _requests.Dequeue();
        }

        return entered;
    }

    public IReadOnlyList<RecordedRequest> Recent()
    {
        lock (_gate)
            return [.. _requests];
    }

    [GeneratedRegex("(?<=[?&])(sig)=[^&]*", RegexOptions.IgnoreCase)]
    private static partial Regex Signature();
}
