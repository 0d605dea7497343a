using System.Globalization;

namespace AzsBackup.Vault.Format;

/// <summary>The names of records of runs and of settings: numbered objects in a folder whose name reveals nothing (FORMAT.md §1, §14, §15).</summary>
internal static class RecordNames
{
    public const string Jobs = "jobs/";

    public const string Settings = "settings/";

    /// <summary>The greatest number: nine digits, so that the one after it fits too.</summary>
    public const int MaximumNumber = 999_999_999;

    private const string BegunEnd = "begun";
    private const string EndedEnd = "ended";
    private const string SettingEnd = "setting";

    /// <summary>The prefix of all runs of a subject, ending in '/'.</summary>
    public static string JobFolder(string subjectName) => $"{Jobs}{subjectName}/";

    public static string Begun(string folder, int number) => Name(folder, number, BegunEnd);

    public static string Ended(string folder, int number) => Name(folder, number, EndedEnd);

    /// <summary>The prefix of all versions of a setting, ending in '/'.</summary>
    public static string SettingFolder(string settingName) => $"{Settings}{settingName}/";

    public static string Setting(string folder, int number) => Name(folder, number, SettingEnd);

    /// <summary>Reads what <see cref="Begun"/> and <see cref="Ended"/> wrote; refuses everything else.</summary>
    public static bool TryParseJob(string objectName, out string folder, out int number, out bool ended)
    {
        ended = TryParse(Jobs, EndedEnd, objectName, out folder, out number);
        return ended || TryParse(Jobs, BegunEnd, objectName, out folder, out number);
    }

    /// <summary>Reads what <see cref="Setting"/> wrote; refuses everything else.</summary>
    public static bool TryParseSetting(string objectName, out string folder, out int number) =>
        TryParse(Settings, SettingEnd, objectName, out folder, out number);

    private static string Name(string folder, int number, string end) => string.Create(CultureInfo.InvariantCulture, $"{folder}{number}.{end}");

    private static bool TryParse(string prefix, string end, string objectName, out string folder, out int number)
    {
        folder = "";
        number = 0;
        if (!objectName.StartsWith(prefix, StringComparison.Ordinal)
            || objectName[prefix.Length..].Split('/') is not [var id, var last]
            || !ObjectNames.TryParseId(prefix, prefix + id, out _, out string more) || more.Length > 0
            || last.Split('.') is not [var digits, var kind] || kind != end
            || !int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out number) || number > MaximumNumber)
        {
            return false;
        }

        folder = $"{prefix}{id}/";
        return Name(folder, number, end) == objectName;
    }
}
