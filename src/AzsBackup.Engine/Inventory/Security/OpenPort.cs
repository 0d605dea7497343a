using AzsBackup.Engine.Inventory.Network;

namespace AzsBackup.Engine.Inventory.Security;

/// <summary>What one part of the world may send to one NIC.</summary>
public sealed record OpenPort
{
    /// <summary>The NIC.</summary>
    public required InventoryResource Nic { get; init; }

    /// <summary>Its VM; null if it has none.</summary>
    public InventoryResource? Vm { get; init; }

    /// <summary>Its address; null if none is recorded.</summary>
    public string? Address { get; init; }

    /// <summary>Whether the senders are outside of the network and those it is connected with.</summary>
    public required bool IsFromOutside { get; init; }

    /// <summary>Whether the senders are all there are on their side.</summary>
    public required bool IsFromAll { get; init; }

    /// <summary>The senders' addresses.</summary>
    public required IntervalSet Sources { get; init; }

    /// <summary><c>Tcp</c> or <c>Udp</c>, or <c>*</c> where both are the same.</summary>
    public required string Protocol { get; init; }

    /// <summary>The ports let in.</summary>
    public required IntervalSet Ports { get; init; }

    /// <summary>The ways from public addresses to ports among these; none for senders inside.</summary>
    public IReadOnlyList<PublicEntrance> Entrances { get; init; } = [];

    /// <summary>The ports that can be reached from outside: let in, and with a way to them.</summary>
    public IntervalSet Reachable => Entrances.Aggregate(IntervalSet.None, (all, entrance) => all.Union(entrance.Ports)).Intersect(Ports);

    /// <summary>Whether anybody on the Internet can reach it.</summary>
    public bool IsExposed => IsFromOutside && IsFromAll && !Reachable.IsEmpty;
}
