using System.Collections.Concurrent;
using AzsBackup.Model;

namespace AzsBackup.Engine.Capture;

/// <summary>
/// Keeps a run from asking thousands of times for what is refused every time: after several failures of one type in a row, or
/// of the sign-in, the rest is not asked for. Each refused resource still has its status. Safe for concurrent use.
/// </summary>
internal sealed class ReadGate
{
    /// <summary>So many failures in a row, each after the transport's own retries, close the gate.</summary>
    public const int Patience = 5;

    private const string Everything = "*";

    private readonly ConcurrentDictionary<string, (int Count, string Last)> _failures = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Why a type is not asked for any more; null while it is.</summary>
    public string? RefusalOf(string type) => Closed(Everything, "of the export") ?? Closed(type, $"of type {type}");

    /// <summary>Takes note of an answer.</summary>
    public void Succeeded(string type)
    {
        _failures.TryRemove(type, out _);
        _failures.TryRemove(Everything, out _);
    }

    /// <summary>Takes note of a failure.</summary>
    public void Failed(string type, AzsException failure)
    {
        var what = failure.Kind == AzsErrorKind.AuthenticationFailed ? Everything : type;
        _failures.AddOrUpdate(what, _ => (1, failure.Message), (_, before) => (before.Count + 1, failure.Message));
    }

    private string? Closed(string key, string what) => _failures.TryGetValue(key, out var failed) && failed.Count >= Patience
        ? $"It was not asked for, because {Patience} requests {what} in a row had failed, the last with: {failed.Last}"
        : null;
}
