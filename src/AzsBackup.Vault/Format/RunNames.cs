using System.Globalization;

namespace AzsBackup.Vault.Format;

/// <summary>The names of what runs write about themselves (FORMAT.md §13).</summary>
internal static class RunNames
{
    public const string Runs = "runs/";

    private const string TurnEnd = "turn";
    private const string NoteEnd = "note";
    private const string ProgressEnd = "done";

    /// <summary>The prefix of all items of a source.</summary>
    public static string SourceFolder(string sourceName) => $"{Runs}{sourceName}/";

    /// <summary>The prefix of all that runs of an item wrote.</summary>
    public static string ItemFolder(string sourceName, string itemName) => $"{Runs}{sourceName}/{itemName}/";

    public static string Turn(string folder, int number) => string.Create(CultureInfo.InvariantCulture, $"{folder}{number}.{TurnEnd}");

    public static string Note(string folder, string sessionId, string note) => $"{folder}{sessionId}.{note}.{NoteEnd}";

    public static string Progress(string folder, string sessionId, int number) =>
        string.Create(CultureInfo.InvariantCulture, $"{folder}{sessionId}.{number}.{ProgressEnd}");

    /// <summary>Splits a name into the folder of the item and the rest.</summary>
    public static bool TryParse(string objectName, out string folder, out string part)
    {
        folder = part = "";
        if (objectName.Split('/') is not ["runs", var source, var item, var last] || !ObjectNames.IsId(source) || !ObjectNames.IsId(item))
            return false;
        folder = ItemFolder(source, item);
        part = last;
        return true;
    }

    public static bool TryParseTurn(string part, out int number)
    {
        number = 0;
        return part.Split('.') is [var digits, TurnEnd] && TryParseNumber(digits, out number);
    }

    public static bool TryParseNote(string part, out string sessionId, out string note)
    {
        sessionId = note = "";
        if (part.Split('.') is not [var id, var what, NoteEnd] || !ObjectNames.IsId(id) || !IsNote(what))
            return false;
        sessionId = id;
        note = what;
        return true;
    }

    public static bool TryParseProgress(string part, out string sessionId, out int number)
    {
        sessionId = "";
        number = 0;
        if (part.Split('.') is not [var id, var digits, ProgressEnd] || !ObjectNames.IsId(id) || !TryParseNumber(digits, out number))
            return false;
        sessionId = id;
        return true;
    }

    /// <summary>Whether a note may be called so: 1 to 32 letters a to z.</summary>
    public static bool IsNote(string text) => text.Length is >= 1 and <= 32 && text.All(char.IsAsciiLetterLower);

    private static bool TryParseNumber(string digits, out int number) =>
        int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out number)
        && digits == number.ToString(CultureInfo.InvariantCulture);
}
