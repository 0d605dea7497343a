namespace AzsBackup.Engine.Inventory.Topology;

/// <summary>Something small in the drawing: a machine, a load balancer, a group of machines.</summary>
/// <param name="Kind">The style of its mark: <c>vm</c>, <c>scale</c>, <c>lb</c>, <c>gateway</c>, <c>nic</c> or <c>more</c>.</param>
/// <param name="Name">What it is called.</param>
/// <param name="Detail">Its address, size or number.</param>
/// <param name="Target">The id of the page's element it leads to.</param>
/// <param name="IsPublic">Whether it has a public address.</param>
/// <param name="Group">What it may be drawn together with where there are too many.</param>
/// <param name="Subnets">For a load balancer, the ids of the subnets of the machines behind it.</param>
internal sealed record TopologyItem(
    string Kind, string Name, string Detail, string Target, bool IsPublic, string Group, IReadOnlyList<string> Subnets);
