using System.Text.Json;
using System.Text.RegularExpressions;

namespace AzsBackup.Azure.Arm;

/// <summary>What Resource Manager says about a failure.</summary>
/// <param name="Status">The HTTP status; 0 for an operation that failed after it was accepted.</param>
/// <param name="Code">Its code, for example <c>ScopeLocked</c>; empty if it gave none.</param>
/// <param name="Message">Its message, the details' messages included.</param>
internal sealed partial record ArmError(int Status, string Code, string Message)
{
    private const int LongestMessage = 2000;

    /// <summary>The versions a refused api-version may be replaced by; empty if this is no such refusal.</summary>
    public IReadOnlyList<string> SupportedVersions => Status == 400 && SupportedVersionsPattern().Match(Message) is { Success: true } match
        ? match.Groups[1].Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
        : [];

    /// <summary>Reads an error from a body: <c>{"error":{…}}</c>, or the same without the wrapper, which older providers send.</summary>
    public static ArmError Read(int status, JsonElement? body, string? reason = null)
    {
        var error = Find(body, "error") ?? Find(Find(body, "properties"), "error") ?? body;
        var code = Text(error, "code") ?? "";
        var message = Text(error, "message") ?? Text(body, "Message") ?? "";
        if (Find(error, "details") is { ValueKind: JsonValueKind.Array } details)
        {
            foreach (var detail in details.EnumerateArray())
            {
                if (Text(detail, "message") is { Length: > 0 } more && !message.Contains(more, StringComparison.Ordinal))
                    message += $" {Text(detail, "code")}: {more}";
            }
        }

        if (message.Length == 0) message = status == 0 ? "The stack gave no reason." : $"HTTP {status} {reason}".TrimEnd() + ".";
        message = SignaturePattern().Replace(message, "$1***");
        return new ArmError(status, code, message.Length > LongestMessage ? message[..LongestMessage] + "…" : message);
    }

    private static JsonElement? Find(JsonElement? parent, string name) =>
        parent is { ValueKind: JsonValueKind.Object } found && found.TryGetProperty(name, out var value)
            && value.ValueKind is JsonValueKind.Object or JsonValueKind.Array or JsonValueKind.String ? value : null;

    private static string? Text(JsonElement? parent, string name) =>
        Find(parent, name) is { ValueKind: JsonValueKind.String } value ? value.GetString() : null;

    [GeneratedRegex(@"supported (?:api-)?versions are '([^']+)'", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex SupportedVersionsPattern();

    /// <summary>A provider may quote the source URI of a disk, and that URI its signature.</summary>
    [GeneratedRegex(@"([?&]sig=)[^&\s'""]+", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex SignaturePattern();
}
