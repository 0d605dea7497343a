using System.Text.RegularExpressions;

namespace AzsBackup.Engine.Policies.Scheduling;

/// <summary>The texts that schedules are made from: files beside this one, kept in the assembly.</summary>
internal static partial class ScheduleTemplate
{
    /// <summary>A template with its places filled.</summary>
    /// <param name="name">The template's file name.</param>
    /// <param name="values">What goes where, each written as the format wants it.</param>
    public static string Fill(string name, IReadOnlyDictionary<string, string> values)
    {
        using var stream = typeof(ScheduleTemplate).Assembly.GetManifestResourceStream($"AzsBackup.Engine.Schedule.{name}")!;
        using var reader = new StreamReader(stream);

        // In one pass: what is filled in is never looked at for places.
        return Place().Replace(reader.ReadToEnd().ReplaceLineEndings("\n"), place => values[place.Groups[1].Value]);
    }

    [GeneratedRegex(@"\{\{(\w+)\}\}")]
    private static partial Regex Place();
}
