using System.Globalization;

namespace AzsBackup.Tests.Emulator.Replay;

/// <summary>One request of a recording and its answer. Header names are compared without case.</summary>
internal sealed record RecordedInteraction(
    string Method,
    Uri Uri,
    IReadOnlyDictionary<string, string> RequestHeaders,
    byte[] RequestBody,
    int Status,
    IReadOnlyDictionary<string, string> AnswerHeaders,
    byte[] AnswerBody)
{
    /// <summary>When the service answered, by its own clock; to the second.</summary>
    public DateTimeOffset Date => DateTimeOffset.Parse(AnswerHeaders["Date"], CultureInfo.InvariantCulture);

    public string RequestText => System.Text.Encoding.UTF8.GetString(RequestBody);

    public string AnswerText => System.Text.Encoding.UTF8.GetString(AnswerBody);

    public bool IsSuccess => Status is >= 200 and < 300;

    /// <summary>What the request is about, without host and query.</summary>
    public string Path => Uri.AbsolutePath;

    public string Container => Path.Split('/')[1];

    public bool NamesBlob => Path.Count(c => c == '/') > 1;
}
