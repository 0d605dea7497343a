namespace AzsBackup.Engine.Inventory.Topology;

/// <summary>A rectangle of the drawing, with what is written in it. All measures are user units.</summary>
public sealed record TopologyBox
{
    /// <summary>The style: <c>vnet</c>, <c>subnet</c>, <c>chip</c> or <c>cloud</c>.</summary>
    public required string Style { get; init; }

    /// <summary>The left edge.</summary>
    public required double X { get; init; }

    /// <summary>The upper edge.</summary>
    public required double Y { get; init; }

    /// <summary>How wide.</summary>
    public required double Width { get; init; }

    /// <summary>How high.</summary>
    public required double Height { get; init; }

    /// <summary>What it is, in full, for those who point at it or have it read out.</summary>
    public required string Title { get; init; }

    /// <summary>The id of the page's element it leads to; null if it leads nowhere.</summary>
    public string? Target { get; init; }

    /// <summary>The style of the mark at its left edge; null if it has none.</summary>
    public string? Mark { get; init; }

    /// <summary>Whether it has a public address, which a dot at its upper right corner says.</summary>
    public bool IsPublic { get; init; }

    /// <summary>The texts in it.</summary>
    public IReadOnlyList<TopologyText> Texts { get; init; } = [];

    /// <summary>The boxes in it.</summary>
    public IReadOnlyList<TopologyBox> Boxes { get; init; } = [];

    /// <summary>The right edge.</summary>
    public double Right => X + Width;

    /// <summary>The lower edge.</summary>
    public double Bottom => Y + Height;
}
