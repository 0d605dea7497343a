namespace AzsBackup.Engine.Inventory.Topology;

/// <summary>A drawing, laid out.</summary>
/// <param name="Width">How wide, in user units.</param>
/// <param name="Height">How high, in user units.</param>
/// <param name="Boxes">The outermost boxes, from top to bottom.</param>
/// <param name="Lines">The lines between boxes.</param>
public sealed record TopologyDrawing(double Width, double Height, IReadOnlyList<TopologyBox> Boxes, IReadOnlyList<TopologyLine> Lines);
