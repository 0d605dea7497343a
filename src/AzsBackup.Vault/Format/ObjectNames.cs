using System.Globalization;

namespace AzsBackup.Vault.Format;

/// <summary>The names of a vault's objects (FORMAT.md §1).</summary>
internal static class ObjectNames
{
    public const string Vault = "vault.json";
    public const string Keys = "keys/";
    public const string Points = "points/";

    private const string PointEnd = "/point.json";

    public static string Key(string slotId) => $"{Keys}{slotId}.json";

    public static string Session(string sessionId) => $"sessions/{sessionId}";

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

    /// <summary>Whether this is an id: 32 lower-case hex digits.</summary>
    public static bool IsId(string text) => text.Length == 32 && text.All(char.IsAsciiHexDigitLower);
}
