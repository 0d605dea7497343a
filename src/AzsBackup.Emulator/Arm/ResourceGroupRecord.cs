using System.Text.Json.Nodes;

namespace AzsBackup.Emulator.Arm;

/// <summary>A resource group in a fact.</summary>
internal sealed record ResourceGroupRecord(string Id, string Name, string Location, JsonObject? Tags, string ProvisioningState);
