using System.Globalization;
using System.Text;
using System.Xml;
using AzsBackup.Emulator.Blobs.Http;

namespace AzsBackup.Emulator.Blobs.Operations;

/// <summary>What both lists are asked with, and the head of both answers.</summary>
internal sealed class ListParameters
{
    private const int Maximum = 5000;

    private readonly HashSet<string> _include;

    public ListParameters(BlobRequest request)
    {
        Prefix = request.Query("prefix") ?? "";
        Marker = request.Query("marker") ?? "";
        Delimiter = request.Query("delimiter") ?? "";
        // Azure's .NET client capitalizes them.
        _include = new HashSet<string>((request.Query("include") ?? "").Split(','), StringComparer.OrdinalIgnoreCase);
        if (request.Query("maxresults") is { Length: > 0 } text)
        {
            if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var asked) || asked == 0)
                throw BlobErrors.OutOfRangeQueryParameter("maxresults", text, "1", "5000");
            AskedCount = asked;
        }
    }

    public string Prefix { get; }

    public string Marker { get; }

    /// <summary>Empty: none.</summary>
    public string Delimiter { get; }

    /// <summary>Entries the answer may hold; the service gives 5000 at most.</summary>
    public int Count => Math.Min(AskedCount ?? Maximum, Maximum);

    private int? AskedCount { get; }

    public bool Includes(string what) => _include.Contains(what);

    /// <summary>The element all entries stand in, with what was asked for.</summary>
    public void WriteHead(XmlWriter xml, BlobRequest request, string? container)
    {
        var http = request.Context.Request;
        xml.WriteStartElement("EnumerationResults");
        xml.WriteAttributeString("ServiceEndpoint", $"{http.Scheme}://{http.Host}/{(request.IsPathStyle ? request.Address.Account + "/" : "")}");
        if (container is not null)
            xml.WriteAttributeString("ContainerName", container);
        if (Prefix.Length > 0)
            xml.WriteElementString("Prefix", Prefix);
        if (Marker.Length > 0)
            xml.WriteElementString("Marker", Marker);
        if (AskedCount is { } asked)
            xml.WriteElementString("MaxResults", asked.ToString(CultureInfo.InvariantCulture));
        if (Delimiter.Length > 0)
            xml.WriteElementString("Delimiter", Delimiter);
    }

    /// <summary>A marker that holds a blob's name and the snapshot to go on with; opaque to clients.</summary>
    public static string ToMarker(string name, string snapshot) => Convert.ToBase64String(Encoding.UTF8.GetBytes(name + "\0" + snapshot));

    /// <summary>Reads the marker; an empty one is the beginning.</summary>
    public (string Name, string Snapshot) Position()
    {
        if (Marker.Length == 0)
            return ("", "");
        var bytes = new byte[Marker.Length];
        if (!Convert.TryFromBase64String(Marker, bytes, out var length) || Encoding.UTF8.GetString(bytes, 0, length).Split('\0') is not [var name, var snapshot])
            throw BlobErrors.InvalidQueryParameter("marker", Marker, "Not a marker of this list.");
        return (name, snapshot);
    }

    public static void WriteLease(XmlWriter xml, (string Status, string State, string? Duration) lease)
    {
        xml.WriteElementString("LeaseStatus", lease.Status);
        xml.WriteElementString("LeaseState", lease.State);
        if (lease.Duration is not null)
            xml.WriteElementString("LeaseDuration", lease.Duration);
    }

    public static void WriteMetadata(XmlWriter xml, IReadOnlyList<KeyValuePair<string, string>> metadata)
    {
        xml.WriteStartElement("Metadata");
        foreach (var (name, value) in metadata)
            xml.WriteElementString(name, value);
        xml.WriteEndElement();
    }
}
