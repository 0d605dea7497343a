using System.Globalization;
using Azure.Core;

namespace AzsBackup.Azure.Transport;

/// <summary>The wait a service asks for in its answer: milliseconds, seconds or a date (RFC 9110 §10.2.3).</summary>
internal static class RetryAfter
{
    private static readonly string[] InMilliseconds = ["retry-after-ms", "x-ms-retry-after-ms"];

    /// <summary>The wait from now, never negative; null if the answer asks for none, or in a form nobody knows.</summary>
    public static TimeSpan? Read(ResponseHeaders headers, DateTimeOffset now)
    {
        foreach (var name in InMilliseconds)
        {
            if (headers.TryGetValue(name, out var text) && TryParseCount(text, out var milliseconds))
                return TimeSpan.FromMilliseconds(milliseconds);
        }

        if (!headers.TryGetValue("Retry-After", out var value)) return null;
        if (TryParseCount(value, out var seconds)) return TimeSpan.FromSeconds(seconds);
        if (!DateTimeOffset.TryParse(value, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var date)) return null;
        return date > now ? date - now : TimeSpan.Zero;
    }

    private static bool TryParseCount(string? text, out int count) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out count);
}
