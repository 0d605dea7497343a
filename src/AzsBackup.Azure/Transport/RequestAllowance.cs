using System.Globalization;
using Azure.Core;

namespace AzsBackup.Azure.Transport;

/// <summary>What a service says is left of one of its limits.</summary>
/// <param name="Name">The limit's name.</param>
/// <param name="Left">Requests left.</param>
/// <param name="Window">The time the limit counts over.</param>
internal sealed record RequestAllowance(string Name, int Left, TimeSpan Window)
{
    private const string Prefix = "x-ms-ratelimit-remaining-";

    /// <summary>
    /// Reads the headers of an answer. Resource Manager counts per hour (a stamp: "the limit of '15000' for time interval '01:00:00'") and
    /// sends a number; public Azure's providers send <c>Microsoft.Compute/HighCostGet3Min;107,…</c>, with the minutes in the name
    /// (Azure: "Understand how Azure Resource Manager throttles requests", "Troubleshooting API throttling errors").
    /// </summary>
    public static IEnumerable<RequestAllowance> Read(ResponseHeaders headers)
    {
        foreach (var header in headers)
        {
            if (!header.Name.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase)) continue;
            if (TryCount(header.Value, out var left))
            {
                yield return new RequestAllowance(header.Name[Prefix.Length..], left, TimeSpan.FromHours(1));
                continue;
            }

            foreach (var part in header.Value.Split(','))
            {
                var pair = part.Split(';');
                if (pair.Length == 2 && TryCount(pair[1], out left)) yield return new RequestAllowance(pair[0].Trim(), left, WindowOf(pair[0].Trim()));
            }
        }
    }

    private static TimeSpan WindowOf(string name)
    {
        const string Minutes = "Min";
        if (!name.EndsWith(Minutes, StringComparison.OrdinalIgnoreCase)) return TimeSpan.FromHours(1);
        var digits = name[..^Minutes.Length];
        var start = digits.Length;
        while (start > 0 && char.IsAsciiDigit(digits[start - 1])) start--;
        return TryCount(digits[start..], out var minutes) && minutes is > 0 and <= 60 ? TimeSpan.FromMinutes(minutes) : TimeSpan.FromHours(1);
    }

    private static bool TryCount(string text, out int count) =>
        int.TryParse(text.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out count);
}
