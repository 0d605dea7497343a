using System.Text.Json;
using System.Text.Json.Serialization;

namespace AzsBackup.Emulator.Pages;

/// <summary>A volume within a fact: its id. Reading it claims the volume.</summary>
internal sealed class PageVolumeConverter : JsonConverter<PageVolume>
{
    /// <summary>Where volumes lie.</summary>
    public PageStore? Store { get; set; }

    public override PageVolume Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        (Store ?? throw new InvalidOperationException("Volumes were asked for before their store was opened.")).Claim(reader.GetInt64());

    public override void Write(Utf8JsonWriter writer, PageVolume value, JsonSerializerOptions options) => writer.WriteNumberValue(value.Id);
}
