using System.Text.Json.Nodes;
using AzsBackup.Emulator.Arm;

namespace AzsBackup.Emulator.KeyVault;

/// <summary>One version of a secret.</summary>
/// <param name="Version">32 hexadecimal digits.</param>
/// <param name="Value">The secret itself.</param>
/// <param name="CreatedAt">When it was set, UTC.</param>
internal sealed record SecretVersion(string Version, string Value, DateTimeOffset CreatedAt)
{
    public DateTimeOffset UpdatedAt { get; init; } = CreatedAt;

    public string? ContentType { get; init; }

    public JsonObject? Tags { get; init; }

    public bool IsEnabled { get; init; } = true;

    /// <summary>In seconds since 1970, as clients give it.</summary>
    public long? NotBefore { get; init; }

    /// <summary>In seconds since 1970, as clients give it.</summary>
    public long? Expires { get; init; }

    /// <summary>A copy with the content type, tags and attributes that a request names; what it does not name stays.</summary>
    public SecretVersion With(JsonNode request) => this with
    {
        ContentType = request.Text("contentType") ?? ContentType,
        Tags = (JsonObject?)request.Object("tags")?.DeepClone() ?? Tags,
        IsEnabled = request.Flag("attributes", "enabled") ?? IsEnabled,
        NotBefore = request.Number("attributes", "nbf") ?? NotBefore,
        Expires = request.Number("attributes", "exp") ?? Expires,
    };

    /// <summary>What lists show: all but the value.</summary>
    public JsonObject Describe()
    {
        JsonObject attributes = new() { ["enabled"] = IsEnabled };
        if (NotBefore is { } notBefore)
            attributes["nbf"] = notBefore;
        if (Expires is { } expires)
            attributes["exp"] = expires;
        attributes["created"] = CreatedAt.ToUnixTimeSeconds();
        attributes["updated"] = UpdatedAt.ToUnixTimeSeconds();
        attributes["recoveryLevel"] = "Purgeable";
        JsonObject body = new() { ["attributes"] = attributes };
        if (ContentType is not null)
            body["contentType"] = ContentType;
        if (Tags is not null)
            body["tags"] = Tags.DeepClone();
        return body;
    }

    public override string ToString() => Version;
}
