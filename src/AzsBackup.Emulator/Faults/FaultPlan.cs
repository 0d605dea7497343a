using System.Text.Json.Nodes;

namespace AzsBackup.Emulator.Faults;

/// <summary>The faults in force, in order. The first that fits a request and takes it strikes; no other does.</summary>
internal sealed class FaultPlan(FaultReader reader)
{
    private readonly Lock _gate = new();
    private volatile Fault[] _faults = [];

    /// <summary>How many can still strike.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
                return _faults.Count(fault => !fault.IsSpent);
        }
    }

    /// <summary>True if nothing was asked for: nothing need be found out about a request then.</summary>
    public bool IsEmpty => _faults.Length == 0;

    /// <summary>Adds the faults of a JSON array, or of an object's <c>faults</c>, behind those in force.</summary>
    /// <exception cref="FormatException">It is neither, or entries are not well formed; the message names each and says why. None is added then.</exception>
    public void Add(JsonNode? node)
    {
        IReadOnlyList<Fault> read = reader.Read(node);
        lock (_gate)
            _faults = [.. _faults, .. read];
    }

    public void Clear()
    {
        lock (_gate)
            _faults = [];
    }

    /// <summary>The faults, spent ones included, with what they have done.</summary>
    public JsonArray ToJson()
    {
        lock (_gate)
            return [.. _faults.Select(fault => fault.ToJson())];
    }

    public FaultStrike? Take(FaultSubject subject)
    {
        lock (_gate)
        {
            foreach (Fault fault in _faults)
                if (fault.Strike(subject) is { } strike)
                    return strike;
        }

        return null;
    }
}
