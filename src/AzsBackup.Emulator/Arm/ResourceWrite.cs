using System.Text.Json.Nodes;

namespace AzsBackup.Emulator.Arm;

/// <summary>A PUT or PATCH on its way through a room, before anything is stored.</summary>
/// <param name="Resource">The resource as it will be stored; its body is the room's to complete.</param>
/// <param name="Previous">The body it had before, or <see langword="null"/> when it is new.</param>
/// <param name="ApiVersion">The version asked for.</param>
/// <param name="IsLoading">Whether an estate is being loaded: bodies may then be what a GET gave, server-set properties and all.</param>
internal sealed record ResourceWrite(ArmResource Resource, JsonObject? Previous, string ApiVersion, bool IsLoading)
{
    public bool IsNew => Previous is null;

    public JsonObject Body => Resource.Body;

    public JsonObject Properties => Resource.Properties;

    /// <summary>Keeps a server-set property: what it was before, else what an estate says, else a new value.</summary>
    public void Keep(string property, Func<JsonNode?> make)
    {
        JsonNode? value = Previous?["properties"] is JsonObject before && before[property] is { } old ? old.DeepClone()
            : IsLoading && Properties[property] is { } given ? given.DeepClone()
            : make();
        Properties[property] = value;
    }
}
