using System.Globalization;

namespace AzsBackup.Formatting;

/// <summary>
/// Values as people read them, in tables and progress, the same in every culture. Public only because format files must
/// reach it.
/// </summary>
public static class DisplayText
{
    private static readonly string[] Units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"];

    /// <summary>A value of a configuration: a text as it is, what is made of several values as JSON; nothing for null.</summary>
    public static string Value(object? value) => value switch
    {
        null => "",
        string text => text,
        _ => CompactJson.Of(value),
    };

    /// <summary>A number of bytes in binary units with at most four digits: <c>0 B</c>, <c>512 B</c>, <c>1.5 GiB</c>, <c>128 GiB</c>.</summary>
    public static string Bytes(long bytes)
    {
        var unit = 0;
        double value = bytes;

        // 1023.5 would be shown as 1024 of this unit: it is 1.0 of the next.
        while (Math.Abs(value) >= 1023.5 && unit < Units.Length - 1)
        {
            value /= 1024;
            unit++;
        }

        var format = Math.Abs(value) >= 99.95 ? "0" : "0.#";
        return $"{value.ToString(format, CultureInfo.InvariantCulture)} {Units[unit]}";
    }

    /// <summary>A UTC time to the second; nothing for null.</summary>
    public static string Utc(DateTime? time) =>
        time is { } value ? value.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture) : "";

    /// <summary>A duration in its two greatest units: <c>0.4 s</c>, <c>42 s</c>, <c>3 m 07 s</c>, <c>2 h 05 m</c>, <c>3 d 04 h</c>; nothing for null.</summary>
    public static string Duration(TimeSpan? duration)
    {
        if (duration is not { } exact) return "";
        if (exact < TimeSpan.Zero) return $"-{Duration(exact.Negate())}";
        var text = CultureInfo.InvariantCulture;
        if (exact.TotalSeconds < 9.95) return string.Create(text, $"{exact.TotalSeconds:0.0} s");

        var time = TimeSpan.FromSeconds(Math.Round(exact.TotalSeconds));
        if (time.TotalMinutes < 1) return string.Create(text, $"{time.Seconds} s");
        if (time.TotalHours < 1) return string.Create(text, $"{(int)time.TotalMinutes} m {time.Seconds:00} s");
        if (time.TotalDays < 1) return string.Create(text, $"{(int)time.TotalHours} h {time.Minutes:00} m");
        return string.Create(text, $"{(int)time.TotalDays} d {time.Hours:00} h");
    }
}
