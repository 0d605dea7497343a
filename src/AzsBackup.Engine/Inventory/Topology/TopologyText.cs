namespace AzsBackup.Engine.Inventory.Topology;

/// <summary>A line of text in the drawing. All measures are user units.</summary>
/// <param name="X">Where it begins.</param>
/// <param name="Baseline">Where its letters stand.</param>
/// <param name="Text">What it says, cut to the room there is.</param>
/// <param name="Size">The font's size.</param>
/// <param name="IsBold">Whether it is set in bold.</param>
/// <param name="IsMinor">Whether it is a detail.</param>
/// <param name="Target">The id of the page's element it leads to; null if it leads nowhere.</param>
public sealed record TopologyText(double X, double Baseline, string Text, double Size, bool IsBold = false, bool IsMinor = false, string? Target = null)
{
    /// <summary>How wide it will be at most.</summary>
    public double Width => TextMeasure.Width(Text, Size, IsBold);

    /// <summary>Where its highest letters end.</summary>
    public double Top => Baseline - (0.9 * Size);

    /// <summary>Where its lowest letters end.</summary>
    public double Bottom => Baseline + (0.25 * Size);
}
