namespace AzsBackup.Engine.Inventory.Topology;

/// <summary>A line of the drawing: pieces that are level or upright, and dots where it joins what it connects.</summary>
/// <param name="Style"><c>bus</c> or <c>internet</c>.</param>
/// <param name="Title">What it stands for.</param>
/// <param name="Pieces">Its pieces.</param>
/// <param name="Dots">Where it joins.</param>
public sealed record TopologyLine(
    string Style, string Title, IReadOnlyList<(double X1, double Y1, double X2, double Y2)> Pieces, IReadOnlyList<(double X, double Y)> Dots);
