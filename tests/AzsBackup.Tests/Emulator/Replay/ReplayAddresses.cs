using System.Text.RegularExpressions;

namespace AzsBackup.Tests.Emulator.Replay;

/// <summary>
/// Puts the recorded cloud's addresses in place of our stack's in answers, and the other way round in requests. Region and
/// domain of the stack are chosen like the recorded ones, so that only where the services lie has to be translated.
/// </summary>
internal sealed class ReplayAddresses(Uri endpoint, string region, string domain)
{
    private const string Recorded = "https://management.azure.com/";
    private readonly Dictionary<string, string> _operations = new(StringComparer.OrdinalIgnoreCase);
    private readonly Regex _accounts = new(Regex.Escape(endpoint.AbsoluteUri) + "(?!subscriptions/|providers/|tenants)([a-z0-9]{3,24})/");
    private readonly Regex _services = new(@"(?<=https://[a-z0-9-]{3,24}\.)(queue|table|vault)\." + Regex.Escape($"{region}.{domain}"), RegexOptions.IgnoreCase);

    /// <summary>What distinguishes addresses that the service makes up: an operation's id, or the token of a page.</summary>
    public static string Key(string address)
    {
        var token = Regex.Match(address, @"(?:\$|%24)skiptoken=([^&]+)", RegexOptions.IgnoreCase);
        if (token.Success)
            return "page " + token.Groups[1].Value;
        var uri = new Uri(address);
        return $"{uri.AbsolutePath.Split('/')[^1]} {uri.AbsolutePath.Contains("/operationresults/", StringComparison.OrdinalIgnoreCase) || uri.Query.Contains("monitor=true", StringComparison.Ordinal)}";
    }

    /// <summary>An answer's text as the recorded cloud would have written its addresses.</summary>
    public string ToRecorded(string text)
    {
        text = _accounts.Replace(text, "https://$1.blob.core.windows.net/");
        text = _services.Replace(text, match => match.Value.Equals("vault", StringComparison.OrdinalIgnoreCase) || match.Groups[1].Value == "vault" ? "vault.azure.net" : match.Groups[1].Value + ".core.windows.net");
        return text.Replace(endpoint.AbsoluteUri, Recorded, StringComparison.Ordinal);
    }

    /// <summary>A request's text with the addresses of our stack.</summary>
    public string ToOurs(string text) => Regex.Replace(text, @"https?://([a-z0-9]{3,24})\.blob\.core\.windows\.net/", match => $"{endpoint.AbsoluteUri}{match.Groups[1].Value}/");

    /// <summary>Learns that an address of ours is where the recorded client would go next.</summary>
    public void Pair(string recorded, string ours) => _operations[Key(recorded)] = new Uri(ours).PathAndQuery;

    /// <summary>The address to ask for a recorded one: the operation or page of ours that stands for it, else the same.</summary>
    public string Target(Uri recorded) =>
        _operations.GetValueOrDefault(Key(recorded.OriginalString)) ?? ToOurs(recorded.PathAndQuery);
}
