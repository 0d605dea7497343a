using System.Globalization;

namespace AzsBackup.Tests.Emulator.Replay;

/// <summary>
/// What was there before the first recorded request: the recorders' setUp isn't part of the recording, but the answers tell of it.
/// A container is there unless its first answer makes it or misses it; a blob is there if it is read, or copied from, before it is put.
/// </summary>
internal static class UnrecordedSetup
{
    public static IEnumerable<RecordedInteraction> For(Recording recording)
    {
        var all = recording.Interactions;
        foreach (var first in all.Where(i => i.Container.Length > 0).GroupBy(i => i.Container).Select(g => g.First()))
        {
            var makesIt = first is { Method: "PUT", NamesBlob: false, Status: 201 } && !first.Uri.Query.Contains("comp=", StringComparison.Ordinal);
            if (!makesIt && first.AnswerHeaders.GetValueOrDefault("x-ms-error-code") != "ContainerNotFound" && !first.Uri.Query.Contains("restype=account", StringComparison.Ordinal))
                yield return Put(first, $"/{first.Container}?restype=container", [], []);
        }

        foreach (var first in all.Where(i => i.NamesBlob).GroupBy(i => i.Path).Select(g => g.First()))
        {
            if (first is { Method: "GET", IsSuccess: true } && first.AnswerHeaders.ContainsKey("x-ms-lease-state"))
                yield return Read(first, all.Where(i => i.Path == first.Path && i.Method == "GET" && i.IsSuccess));
        }

        foreach (var copy in all.Where(i => i.RequestHeaders.ContainsKey("x-ms-copy-source")).GroupBy(i => new Uri(i.RequestHeaders["x-ms-copy-source"]).AbsolutePath))
        {
            var isPut = all.Any(i => i.Path == copy.Key && i.Method == "PUT");
            if (!isPut && all.FirstOrDefault(i => i.Path == copy.First().Path && i.Method == "GET" && i.IsSuccess) is { } seen)
            {
                foreach (var request in PageBlob(copy.First(), copy.Key, seen.AnswerBody))
                    yield return request;
            }
        }
    }

    /// <summary>A block blob made of the parts that were read of it; zeros between them.</summary>
    private static RecordedInteraction Read(RecordedInteraction first, IEnumerable<RecordedInteraction> reads)
    {
        var range = first.AnswerHeaders.GetValueOrDefault("Content-Range");
        var content = new byte[range is null ? first.AnswerBody.Length : int.Parse(range[(range.IndexOf('/', StringComparison.Ordinal) + 1)..], CultureInfo.InvariantCulture)];
        foreach (var read in reads)
        {
            var start = read.AnswerHeaders.GetValueOrDefault("Content-Range") is { } part ? int.Parse(part["bytes ".Length..part.IndexOf('-', StringComparison.Ordinal)], CultureInfo.InvariantCulture) : 0;
            read.AnswerBody.CopyTo(content, start);
        }

        var headers = new Dictionary<string, string> { ["x-ms-blob-type"] = "BlockBlob" };
        if (first.AnswerHeaders.TryGetValue("x-ms-blob-content-md5", out var hash))
            headers["x-ms-blob-content-md5"] = hash;
        return Put(first, first.Path, headers, content);
    }

    private static IEnumerable<RecordedInteraction> PageBlob(RecordedInteraction like, string path, byte[] content)
    {
        var length = content.Length.ToString(CultureInfo.InvariantCulture);
        yield return Put(like, path, new() { ["x-ms-blob-type"] = "PageBlob", ["x-ms-blob-content-length"] = length }, []);
        yield return Put(like, path + "?comp=page", new() { ["x-ms-page-write"] = "update", ["x-ms-range"] = string.Create(CultureInfo.InvariantCulture, $"bytes=0-{content.Length - 1}") }, content);
    }

    private static RecordedInteraction Put(RecordedInteraction like, string target, Dictionary<string, string> headers, byte[] body)
    {
        headers["x-ms-date"] = like.Date.ToString("R", CultureInfo.InvariantCulture);
        headers["x-ms-version"] = "2018-11-09";
        return new RecordedInteraction("PUT", new Uri($"{like.Uri.Scheme}://{like.Uri.Host}{target}"), headers, body, 201, like.AnswerHeaders, []);
    }
}
