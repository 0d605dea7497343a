using System.Collections.Frozen;
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
    private const int LongestPath = 200;
    private const int ShortName = 8;

    // Names that Windows takes for devices, whatever the extension.
    private static readonly FrozenSet<string> Devices = new[] { "con", "prn", "aux", "nul", "conin$", "conout$" }
        .Concat(Enumerable.Range(0, 10).SelectMany(number => new[] { $"com{number}", $"lpt{number}" }))
        .ToFrozenSet(StringComparer.Ordinal);

    /// <summary>The path relative to the capture's folder, with forward slashes.</summary>
    public static string For(ResourceId id)
    {
        var names = id.FullName.Split('/');
        var suffix = id.IsExtension ? "~" + Hash(id.Parent!.ToString()) : "";
        var path = Join(id, names, LongestName, suffix);
        return path.Length <= LongestPath ? path : Join(id, names, ShortName, suffix);
    }

    private static string Join(ResourceId id, string[] names, int longest, string suffix)
    {
        var segments = new List<string>
        {
            "raw", Escape(id.SubscriptionId, LongestName), id.ResourceGroupName is { } group ? Escape(group, longest) : SubscriptionLevel, Escape(id.Type.Replace('/', '_'), LongestName),
        };
        segments.AddRange(names.Select(name => Escape(name, longest)));
        return string.Join('/', segments) + suffix + ".json";
    }

    private static string Escape(string name, int longest)
    {
        var lower = name.ToLowerInvariant();
        var escaped = new StringBuilder(lower.Length);
        foreach (var rune in lower.EnumerateRunes())
        {
            if (rune.IsAscii && (char.IsAsciiLetterOrDigit((char)rune.Value) || (char)rune.Value is '-' or '_' or '.')) escaped.Append((char)rune.Value);
            else foreach (var part in Encoding.UTF8.GetBytes(rune.ToString())) escaped.Append('%').Append(part.ToString("x2", null));
        }

        // Windows drops a trailing dot, and takes a device's name for the device whatever follows its first dot.
        if (escaped[^1] == '.') escaped.Remove(escaped.Length - 1, 1).Append("%2e");
        if (Devices.Contains(lower.Split('.')[0])) escaped.Remove(0, 1).Insert(0, $"%{(int)lower[0]:x2}");
        return escaped.Length <= longest ? escaped.ToString() : $"{escaped.ToString(0, longest)}~{Hash(lower)}";
    }

    // 64 bits: ten thousand locks of one name on as many resources must not meet.
    private static string Hash(string text) =>
        Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToLowerInvariant())))[..16].ToLowerInvariant();
}
