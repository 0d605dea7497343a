using System.Buffers;

namespace AzsBackup.Vault.Stores;

/// <summary>
/// The names every store can hold: segments of a–z, 0–9, '.', '-' and '_', joined by '/'. No upper case, so that a
/// case-insensitive file system can't merge two; no device name of Windows, no segment that begins or ends with a dot.
/// </summary>
public static class ObjectName
{
    /// <summary>The longest name, in characters: leaves room for the vault's folder within what blob stores and file systems allow.</summary>
    public const int MaximumLength = 200;

    /// <summary>The ending of unfinished files; no object's name ends so.</summary>
    public const string UnfinishedSuffix = ".tmp";

    private static readonly SearchValues<char> Allowed = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789.-_");

    private static readonly HashSet<string> Devices = ["con", "prn", "aux", "nul",
        .. Enumerable.Range(0, 10).SelectMany(n => new[] { $"com{n}", $"lpt{n}" })];

    /// <summary>Whether every store can hold this name.</summary>
    /// <param name="name">The name to look at.</param>
    public static bool IsValid(string name) =>
        name.Length is > 0 and <= MaximumLength
        && !name.EndsWith(UnfinishedSuffix, StringComparison.Ordinal)
        && Array.TrueForAll(name.Split('/'), IsValidSegment);

    /// <summary>Throws unless every store can hold this name.</summary>
    /// <param name="name">The name to look at.</param>
    /// <exception cref="ArgumentException">It is not a name of an object.</exception>
    public static void ThrowIfInvalid(string name)
    {
        if (!IsValid(name))
            throw new ArgumentException($"'{name}' can't be the name of an object.", nameof(name));
    }

    private static bool IsValidSegment(string segment) =>
        segment.Length > 0
        && segment[0] != '.' && segment[^1] != '.'
        && !segment.AsSpan().ContainsAnyExcept(Allowed)
        && !Devices.Contains(segment.Split('.', 2)[0]);
}
