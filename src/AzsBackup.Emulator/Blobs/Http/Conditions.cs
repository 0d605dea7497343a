using System.Globalization;
using AzsBackup.Emulator.Blobs.Store;

namespace AzsBackup.Emulator.Blobs.Http;

/// <summary>The conditional headers of a request (learn.microsoft.com, "Specifying conditional headers for Blob service operations").</summary>
internal sealed class Conditions
{
    private readonly string? _ifMatch;
    private readonly string? _ifNoneMatch;
    private readonly DateTimeOffset? _ifModifiedSince;
    private readonly DateTimeOffset? _ifUnmodifiedSince;

    /// <param name="request">The request that carries them.</param>
    /// <param name="prefix">x-ms-source- for the conditions on what is copied.</param>
    public Conditions(BlobRequest request, string prefix = "")
    {
        _ifMatch = request.Header(prefix + "If-Match");
        _ifNoneMatch = request.Header(prefix + "If-None-Match");
        _ifModifiedSince = Date(request, prefix + "If-Modified-Since");
        _ifUnmodifiedSince = Date(request, prefix + "If-Unmodified-Since");
    }

    /// <summary>For a read: 412 if it must not be done, 304 if the client has the answer already.</summary>
    public void CheckRead(BlobProperties current) => Check(current, BlobErrors.NotModified);

    /// <summary>For a change of something that exists: 412 if it must not be done.</summary>
    public void CheckChange(BlobProperties current) => Check(current, BlobErrors.ConditionNotMet);

    /// <summary>For a blob put in place of what may be there: 409 if If-None-Match: * forbids to replace, 412 for other conditions.</summary>
    public void CheckPut(BlobProperties? current)
    {
        if (current is null)
        {
            if (_ifMatch is not null)
                throw BlobErrors.ConditionNotMet();
            return;
        }

        if (_ifNoneMatch == "*")
            throw BlobErrors.BlobAlreadyExists();
        CheckChange(current);
    }

    private void Check(BlobProperties current, Func<BlobException> unchanged)
    {
        // Times are compared in whole seconds: that is all the headers hold.
        var modified = current.LastModified.AddTicks(-(current.LastModified.Ticks % TimeSpan.TicksPerSecond));
        if (_ifMatch is not null && !Matches(_ifMatch, current.ETag))
            throw BlobErrors.ConditionNotMet();
        if (_ifUnmodifiedSince is { } until && modified > until)
            throw BlobErrors.ConditionNotMet();
        if (_ifNoneMatch is not null && Matches(_ifNoneMatch, current.ETag))
            throw unchanged();
        if (_ifModifiedSince is { } since && modified <= since)
            throw unchanged();
    }

    private static bool Matches(string sent, ETag tag) => sent == "*" || sent.Trim('"') == tag.ToString();

    private static DateTimeOffset? Date(BlobRequest request, string name)
    {
        if (request.Header(name) is not { } text)
            return null;
        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var date) ? date : throw BlobErrors.InvalidHeaderValue(name, text);
    }
}
