using System.Security.Cryptography;
using System.Text;
using AzsBackup.Engine.Stacks;

namespace AzsBackup.Engine.Capture;

/// <summary>
/// Where a resource lies in a capture: <c>raw/subscription/group/provider_type/name.json</c>, lower-case, a child below its
/// parent's name. Names that differ only in case are one resource, so folders that ignore case are no trouble.
/// </summary>
public static class CapturePath
{
    /// <summary>The folder of what lies at subscription level, in place of a group; no group may be named so.</summary>
    public const string SubscriptionLevel = "@subscription";

    // Longer names are cut and told apart by a hash: Windows programs without long paths stop at 260 characters in all.
    private const int LongestName = 80;

    /// <summary>The path relative to the capture's folder, with forward slashes.</summary>
    public static string For(ResourceId id)
    {
        var segments = new List<string> { "raw", id.SubscriptionId, id.ResourceGroupName ?? SubscriptionLevel, id.Type.Replace('/', '_') };
        segments.AddRange(id.FullName.Split('/'));
        if (id.IsExtension) segments[^1] += "~" + Hash(id.Parent!.ToString());
        return string.Join('/', segments.Select(Escape)) + ".json";
    }

    private static string Escape(string name)
    {
        var escaped = new StringBuilder(name.Length);
        foreach (var letter in name.ToLowerInvariant())
        {
            if (char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '.' or '~' or '@') escaped.Append(letter);
            else foreach (var part in Encoding.UTF8.GetBytes([letter])) escaped.Append('%').Append(part.ToString("x2", null));
        }

        // Windows drops a trailing dot.
        if (escaped[^1] == '.') escaped.Remove(escaped.Length - 1, 1).Append("%2e");
        return escaped.Length <= LongestName ? escaped.ToString() : $"{escaped.ToString(0, LongestName)}~{Hash(name)}";
    }

    private static string Hash(string text) =>
        Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToLowerInvariant())))[..8].ToLowerInvariant();
}
