using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using System.Web;

namespace AzsBackup.Tests.Emulator.Replay;

/// <summary>Whether a value of ours may stand for a recorded one that the service made up.</summary>
internal static partial class GeneratedValues
{
    public static bool Agree(GeneratedForm form, JsonNode? recorded, JsonNode? ours, ServerValues values)
    {
        if (form == GeneratedForm.Number)
            return recorded?.GetValueKind() == JsonValueKind.Number && ours?.GetValueKind() == JsonValueKind.Number;
        return recorded?.GetValueKind() == JsonValueKind.String && ours?.GetValueKind() == JsonValueKind.String
            && Agree(form, recorded.GetValue<string>(), ours.GetValue<string>(), values);
    }

    public static bool Agree(GeneratedForm form, string recorded, string ours, ServerValues values) => form switch
    {
        GeneratedForm.Guid => Guid.TryParse(recorded, out _) && Guid.TryParse(ours, out _) && recorded.Length == ours.Length && values.Pair(recorded, ours),
        GeneratedForm.EntityTag => EntityTag().IsMatch(recorded) && EntityTag().IsMatch(ours) && values.Pair(recorded, ours),
        GeneratedForm.Time => IsTime(recorded) && IsTime(ours) && recorded.EndsWith('Z') == ours.EndsWith('Z'),
        GeneratedForm.Duration => Duration().IsMatch(recorded) && Duration().IsMatch(ours),
        GeneratedForm.Address => IPAddress.TryParse(recorded, out _) && IPAddress.TryParse(ours, out _) && values.Pair(recorded, ours),
        GeneratedForm.HardwareAddress => HardwareAddress().IsMatch(recorded) && HardwareAddress().IsMatch(ours) && values.Pair(recorded, ours),
        GeneratedForm.Key => Convert.FromBase64String(ours).Length >= 32,
        GeneratedForm.Message => Sentence(recorded) == Sentence(ours),
        GeneratedForm.AccessAddress => QueryNames(recorded) == QueryNames(ours),
        GeneratedForm.ResourceId => WithoutGroup(recorded).Equals(WithoutGroup(ours), StringComparison.OrdinalIgnoreCase),
        GeneratedForm.Operation => Operation(recorded) == Operation(ours),
        GeneratedForm.Name => recorded.Length > 0 && ours.Length > 0 && values.Pair(recorded, ours),
        _ => false,
    };

    /// <summary>An operation's address without what is made up: the operation's id, what Azure adds to the query to sign it (p, t, c, s, h), and the case of the path, which ARM reads in any.</summary>
    private static string Operation(string address)
    {
        var uri = new Uri(address);
        var names = uri.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries)
            .Select(HttpUtility.UrlDecode).OfType<string>()
            .Where(pair => pair.Split('=')[0] is not ("p" or "t" or "c" or "s" or "h"))
            .Select(pair => pair.Contains("skiptoken=", StringComparison.Ordinal) ? "skiptoken" : pair.ToLowerInvariant()).Order(StringComparer.Ordinal);
        var path = DeploymentName().Replace(uri.AbsolutePath[..uri.AbsolutePath.LastIndexOf('/')], "/deployments/*/");
        if (uri.Query.Contains("skiptoken", StringComparison.Ordinal))
            path = uri.AbsolutePath;
        return $"{uri.Host}{path.ToLowerInvariant()}?{string.Join('&', names)}";
    }

    private static string Sentence(string text) => text.Split(" For more details please go to ")[0];

    private static string QueryNames(string address) => string.Join('&', new Uri(address).Query.TrimStart('?').Split('&').Select(pair => pair.Split('=')[0]));

    private static string WithoutGroup(string id) => CapitalGroup().Replace(id, "/resourceGroups/*/");

    private static bool IsTime(string text) => DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out _);

    [GeneratedRegex("^W/\"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\"$")]
    private static partial Regex EntityTag();

    [GeneratedRegex(@"^PT(\d+H)?(\d+M)?(\d+(\.\d+)?S)?$")]
    private static partial Regex Duration();

    [GeneratedRegex("^[0-9A-F]{2}(-[0-9A-F]{2}){5}$")]
    private static partial Regex HardwareAddress();

    [GeneratedRegex("/resourceGroups/[^/]+/", RegexOptions.IgnoreCase)]
    private static partial Regex CapitalGroup();

    // The recorder gave deployments one name in addresses, but not in answers.
    [GeneratedRegex("/deployments/[^/]+/")]
    private static partial Regex DeploymentName();
}
