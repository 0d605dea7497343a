using System.Text.Json.Nodes;

namespace AzsBackup.Emulator.Arm;

/// <summary>A resource in a fact.</summary>
internal sealed record ResourceRecord(string Id, JsonObject Body, DateTimeOffset CreatedAt, string ProvisioningState, RoomState? State);
