using AzsBackup.Model;

namespace AzsBackup.Engine.Inspection;

/// <summary>What a volume was found to hold.</summary>
/// <param name="Kind">The name of the file system or container.</param>
/// <param name="State">How it is.</param>
/// <param name="Details">What was found, for people; empty if there is nothing to add.</param>
/// <param name="Label">What its owner called it; empty if it has no name.</param>
public sealed record ContentFinding(string Kind, AzsVolumeState State, string Details = "", string Label = "")
{
    /// <summary>One that is damaged.</summary>
    public static ContentFinding Damaged(string kind, string why) => new(kind, AzsVolumeState.Damaged, why);
}
