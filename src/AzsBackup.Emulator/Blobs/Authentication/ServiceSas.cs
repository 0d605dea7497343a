using AzsBackup.Emulator.Blobs.Http;

namespace AzsBackup.Emulator.Blobs.Authentication;

/// <summary>The fields of a SAS for a container, a blob or a snapshot, as they stand in the query.</summary>
internal sealed record ServiceSas
{
    public required string Version { get; init; }

    /// <summary>b, c or bs.</summary>
    public required string Resource { get; init; }

    public string Permissions { get; init; } = "";

    public string Start { get; init; } = "";

    public string Expiry { get; init; } = "";

    public string Identifier { get; init; } = "";

    public string AddressRange { get; init; } = "";

    public string Protocol { get; init; } = "";

    public string EncryptionScope { get; init; } = "";

    /// <summary>rscc, rscd, rsce, rscl, rsct: headers the answer carries instead of the blob's.</summary>
    public IReadOnlyList<string> ResponseHeaders { get; init; } = ["", "", "", "", ""];

    public static ServiceSas From(BlobRequest request)
    {
        string Field(string name) => request.Query(name) ?? "";
        return new ServiceSas
        {
            Version = Field("sv"),
            Resource = Field("sr"),
            Permissions = Field("sp"),
            Start = Field("st"),
            Expiry = Field("se"),
            Identifier = Field("si"),
            AddressRange = Field("sip"),
            Protocol = Field("spr"),
            EncryptionScope = Field("ses"),
            ResponseHeaders = [Field("rscc"), Field("rscd"), Field("rsce"), Field("rscl"), Field("rsct")],
        };
    }

    /// <summary>
    /// What is signed. It depends on the version: sr and the snapshot came with 2018-11-09, the encryption scope with 2020-12-06
    /// (learn.microsoft.com, "Create a service SAS").
    /// </summary>
    /// <param name="resource">The canonical resource: /blob/account/container/blob, not percent-encoded.</param>
    /// <param name="snapshot">The snapshot's time for sr=bs; else null.</param>
    public string TextToSign(string resource, string? snapshot)
    {
        var lines = new List<string> { Permissions, Start, Expiry, resource, Identifier, AddressRange, Protocol, Version };
        if (string.CompareOrdinal(Version, "2018-11-09") >= 0)
            lines.AddRange([Resource, snapshot ?? ""]);
        if (string.CompareOrdinal(Version, "2020-12-06") >= 0)
            lines.Add(EncryptionScope);
        lines.AddRange(ResponseHeaders);
        return string.Join('\n', lines);
    }
}
