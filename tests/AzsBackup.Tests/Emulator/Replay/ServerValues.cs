namespace AzsBackup.Tests.Emulator.Replay;

/// <summary>Values the service makes up (ETags, snapshot times, lease and copy ids): which of ours stands for which recorded one. Each recorded value has one, and no two share it.</summary>
internal sealed class ServerValues
{
    private readonly Dictionary<string, string> _ours = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _recorded = new(StringComparer.Ordinal);

    /// <summary>Learns that ours stands for the recorded value; false if that contradicts what was learnt before.</summary>
    public bool Pair(string recorded, string ours)
    {
        if (_ours.TryGetValue(recorded, out var known))
            return known == ours;
        if (!_recorded.TryAdd(ours, recorded))
            return false;
        _ours.Add(recorded, ours);
        return true;
    }

    /// <summary>A text of the recording with our values in it.</summary>
    public string Translate(string text)
    {
        foreach (var (recorded, ours) in _ours)
        {
            text = text.Replace(recorded, ours, StringComparison.Ordinal)
                .Replace(Uri.EscapeDataString(recorded), Uri.EscapeDataString(ours), StringComparison.Ordinal);
        }

        return text;
    }
}
