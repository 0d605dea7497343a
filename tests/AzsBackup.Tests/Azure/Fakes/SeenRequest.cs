namespace AzsBackup.Tests.Azure.Fakes;

/// <summary>A request as the fake server saw it.</summary>
public sealed record SeenRequest(string Method, string Path, string Query, IReadOnlyDictionary<string, string> Headers, string Body)
{
    public string Line => $"{Method} {Path}{Query}";
}
