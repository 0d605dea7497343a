namespace AzsBackup.Engine.Inventory.Network;

/// <summary>One direction of a peering.</summary>
/// <param name="Name">Its name.</param>
/// <param name="RemoteId">The ARM id of the network on the other side.</param>
/// <param name="State">The state the stack told, for example <c>Connected</c>; null if none.</param>
public sealed record PeeringView(string Name, string RemoteId, string? State);
