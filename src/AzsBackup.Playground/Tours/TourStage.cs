using AzsBackup.Playground.Hosting;

namespace AzsBackup.Playground.Tours;

/// <summary>Where a tour plays.</summary>
/// <param name="Session">Runs the commands.</param>
/// <param name="Screen">Shows what is not a command's output.</param>
internal sealed record TourStage(Session Session, Screen Screen);
