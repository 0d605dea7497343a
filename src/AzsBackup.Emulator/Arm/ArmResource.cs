using System.Text.Json.Nodes;

namespace AzsBackup.Emulator.Arm;

/// <summary>A stored resource: what was asked for, completed by its room, and how far its last operation got.</summary>
internal sealed class ArmResource
{
    public ArmResource(ArmId id, JsonObject body, DateTimeOffset createdAt)
    {
        Id = id;
        Body = body;
        CreatedAt = createdAt;
    }

    public ArmId Id { get; }

    /// <summary>Top-level properties but id, name and type, which come from <see cref="Id"/>.</summary>
    public JsonObject Body { get; set; }

    public JsonObject Properties => Body.Ensure("properties");

    public DateTimeOffset CreatedAt { get; }

    public string ProvisioningState { get; set; } = "Succeeded";

    /// <summary>What the room keeps beside the body: a volume, a power state, keys. What it may be, so that it survives a restart, says <see cref="ResourceFacts"/>.</summary>
    public object? State { get; set; }

    public bool IsDeleting => ProvisioningState == "Deleting";
}
