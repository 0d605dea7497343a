using System.Text.RegularExpressions;

namespace AzsBackup.Emulator.Faults;

/// <summary>Which requests a fault is for: each part that is given must fit.</summary>
internal sealed record FaultMatch
{
    /// <summary>Over path and query.</summary>
    public Regex? Route { get; init; }

    /// <summary>Over host and port.</summary>
    public Regex? Host { get; init; }

    public string? Method { get; init; }

    /// <summary>Over the whole name of the operation.</summary>
    public Regex? Operation { get; init; }

    public bool Fits(FaultSubject subject) =>
        (Method is null || Method.Equals(subject.Method, StringComparison.OrdinalIgnoreCase))
        && (Operation is null || Operation.IsMatch(subject.Operation))
        && (Host is null || Host.IsMatch(subject.Host))
        && (Route is null || Route.IsMatch(subject.PathAndQuery));
}
