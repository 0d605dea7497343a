using System.Globalization;

namespace AzsBackup.Vault.Format;

/// <summary>The names of a vault's objects (FORMAT.md §1).</summary>
internal static class ObjectNames
{
    public const string Vault = "vault.json";
    public const string Keys = "keys/";
    public const string Points = "points/";
    public const string Sessions = "sessions/";
    public const string CondemnedLists = "condemned/";
    public const string Chunks = "chunks/";

    private const string PointEnd = "/point.json";

    public static string Key(string slotId) => $"{Keys}{slotId}.json";

    /// <summary>Whether this is the name of a key slot.</summary>
    public static bool IsKey(string objectName) =>
        TryParseId(Keys, objectName, out _, out string more) && more == "json";

    public static string Session(string sessionId) => Sessions + sessionId;

    /// <summary>The n-th heartbeat of a session.</summary>
    public static string Beat(string sessionId, int beat) => string.Create(CultureInfo.InvariantCulture, $"{Sessions}{sessionId}.{beat}");

    /// <summary>Says that a session is over: it publishes nothing any more.</summary>
    public static string SessionEnd(string sessionId) => $"{Sessions}{sessionId}.end";

    public static string Condemned(string listId) => CondemnedLists + listId;

    /// <summary>The sessions that may not have seen a condemned list.</summary>
    public static string Waits(string listId) => $"{CondemnedLists}{listId}.waits";

    /// <summary>The prefix of all claims to sweep a condemned list.</summary>
    public static string Claims(string listId) => $"{CondemnedLists}{listId}.claim.";

    public static string Claim(string listId, string sweeperId) => Claims(listId) + sweeperId;

    public static string Job(string jobId) => $"jobs/{jobId}";

    /// <summary>Reads an object's name that consists of a folder, an id, and perhaps a '.' and more.</summary>
    public static bool TryParseId(string folder, string objectName, out string id, out string more)
    {
        id = more = "";
        if (!objectName.StartsWith(folder, StringComparison.Ordinal))
            return false;
        string rest = objectName[folder.Length..];
        int dot = rest.IndexOf('.', StringComparison.Ordinal);
        id = dot < 0 ? rest : rest[..dot];
        more = dot < 0 ? "" : rest[(dot + 1)..];
        return IsId(id) && (dot < 0 || more.Length > 0);
    }

    /// <summary>The prefix of all chunks whose names begin with this byte.</summary>
    public static string ChunkShard(byte first) => $"chunks/{first:x2}/";

    public static string Chunk(ChunkName name, int generation)
    {
        string hex = name.ToString();
        return generation == 0
            ? $"chunks/{hex.AsSpan(0, 2)}/{hex}"
            : string.Create(CultureInfo.InvariantCulture, $"chunks/{hex.AsSpan(0, 2)}/{hex}.{generation}");
    }

    /// <summary>Reads what <see cref="Chunk"/> wrote; refuses everything else.</summary>
    public static bool TryParseChunk(string objectName, out ChunkName name, out int generation)
    {
        generation = 0;
        var last = objectName.AsSpan(objectName.LastIndexOf('/') + 1);
        int dot = last.IndexOf('.');
        if (!ChunkName.TryParse(dot < 0 ? last : last[..dot], out name))
            return false;
        if (dot >= 0 && !int.TryParse(last[(dot + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out generation))
            return false;
        return Chunk(name, generation) == objectName;
    }

    /// <summary>The prefix of all points of a source, ending in '/'.</summary>
    public static string SourceFolder(string sourceName) => $"{Points}{sourceName}/";

    /// <summary>The prefix of all objects of a point, ending in '/'.</summary>
    public static string PointFolder(string sourceName, string itemName, string pointId) => $"{Points}{sourceName}/{itemName}/{pointId}/";

    public static string Point(string folder) => folder[..^1] + PointEnd;

    public static string IndexPage(string folder, int stream, int page) =>
        string.Create(CultureInfo.InvariantCulture, $"{folder}{stream}.{page}.index");

    public static string Document(string folder, int document) => string.Create(CultureInfo.InvariantCulture, $"{folder}{document}.doc");

    /// <summary>Whether this object publishes a point; then its folder and the point's id.</summary>
    public static bool TryParsePoint(string objectName, out string folder, out string pointId)
    {
        folder = pointId = "";
        string[] segments = objectName.Split('/');
        if (segments is not ["points", var source, var item, var id, "point.json"] || !IsId(source) || !IsId(item) || !IsId(id))
            return false;
        folder = objectName[..^(PointEnd.Length - 1)];
        pointId = id;
        return true;
    }

    /// <summary>Whether this object belongs to a point, published or not; then the point's folder and the object's name in it.</summary>
    public static bool TryParsePart(string objectName, out string folder, out string part)
    {
        folder = part = "";
        string[] segments = objectName.Split('/');
        if (segments is not ["points", var source, var item, var id, var last] || !IsId(source) || !IsId(item) || !IsId(id))
            return false;
        folder = PointFolder(source, item, id);
        part = last;
        return true;
    }

    /// <summary>Whether this part of a point is a page of an index; then its number.</summary>
    public static bool TryParsePage(string part, out int page)
    {
        page = 0;
        return part.Split('.') is [var stream, var number, "index"]
            && int.TryParse(stream, NumberStyles.None, CultureInfo.InvariantCulture, out _)
            && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out page);
    }

    /// <summary>Whether this is an id: 32 lower-case hex digits.</summary>
    public static bool IsId(string text) => text.Length == 32 && text.All(char.IsAsciiHexDigitLower);
}
