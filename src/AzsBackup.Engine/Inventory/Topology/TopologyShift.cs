namespace AzsBackup.Engine.Inventory.Topology;

/// <summary>Moves parts of a drawing to the right. Pure.</summary>
internal static class TopologyShift
{
    /// <summary>A box with all that is in it.</summary>
    public static TopologyBox Move(TopologyBox box, double by) => box with
    {
        X = box.X + by,
        Texts = box.Texts.Select(text => text with { X = text.X + by }).ToList(),
        Boxes = box.Boxes.Select(inner => Move(inner, by)).ToList(),
    };

    /// <summary>A line.</summary>
    public static TopologyLine Move(TopologyLine line, double by) => line with
    {
        Pieces = line.Pieces.Select(piece => (piece.X1 + by, piece.Y1, piece.X2 + by, piece.Y2)).ToList(),
        Dots = line.Dots.Select(dot => (dot.X + by, dot.Y)).ToList(),
    };
}
