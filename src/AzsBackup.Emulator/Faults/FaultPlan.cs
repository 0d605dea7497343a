using System.Text.Json.Nodes;
using AzsBackup.Emulator.Arm;

namespace AzsBackup.Emulator.Faults;

/// <summary>The faults in force. The first that fits a request strikes.</summary>
internal sealed class FaultPlan
{
    private readonly Lock _gate = new();
    private readonly List<Fault> _faults = [];

    public int Count
    {
        get
        {
            lock (_gate)
                return _faults.Count;
        }
    }

    /// <summary>Adds the faults of a JSON array, or of an object's <c>faults</c>.</summary>
    /// <exception cref="FormatException">It is neither, or a fault is not well formed; none is added then.</exception>
    public void Add(JsonNode? node)
    {
        JsonArray list = node as JsonArray ?? node.Array("faults") ?? throw new FormatException("Faults are a JSON array, or an object with an array \"faults\".");
        List<Fault> parsed = [.. list.Select(Fault.Parse)];
        lock (_gate)
            _faults.AddRange(parsed);
    }

    public void Clear()
    {
        lock (_gate)
            _faults.Clear();
    }

    public Fault? Take(string method, string pathAndQuery)
    {
        lock (_gate)
        {
            Fault? fault = _faults.Find(candidate => (candidate.Method is null || ArmPath.Equal(candidate.Method, method)) && candidate.Route.IsMatch(pathAndQuery));
            if (fault?.Count is not null && --fault.Count <= 0)
                _faults.Remove(fault);
            return fault;
        }
    }
}
