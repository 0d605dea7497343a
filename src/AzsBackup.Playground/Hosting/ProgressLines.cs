using System.Management.Automation;

namespace AzsBackup.Playground.Hosting;

/// <summary>What the running activities have reported last: one line each, in the order in which they began.</summary>
internal sealed class ProgressLines
{
    private const int BarWidth = 20;
    private readonly OrderedDictionary<(long Source, int Activity), ProgressRecord> _running = [];

    /// <summary>Takes in a report.</summary>
    /// <param name="sourceId">The engine's number of the reporting pipeline.</param>
    /// <param name="record">The report; a completed one removes its line.</param>
    public void Update(long sourceId, ProgressRecord record)
    {
        var key = (sourceId, record.ActivityId);
        if (record.RecordType == ProgressRecordType.Completed)
            _running.Remove(key);
        else
            _running[key] = record;
    }

    /// <summary>Forgets all activities.</summary>
    public void Clear() => _running.Clear();

    /// <summary>One line an activity, none longer than asked for.</summary>
    /// <param name="width">The greatest length of a line, in characters.</param>
    public IEnumerable<string> Render(int width)
    {
        foreach (var record in _running.Values)
        {
            var line = string.Join("  ", Parts(record).Where(part => !string.IsNullOrWhiteSpace(part)));
            yield return line.Length <= width ? line : line[..Math.Max(0, width)];
        }
    }

    private static IEnumerable<string?> Parts(ProgressRecord record)
    {
        yield return record.Activity;
        if (record.PercentComplete >= 0)
        {
            // A bar and no number, as in pwsh: the status says the number where it matters.
            var filled = Math.Min(record.PercentComplete, 100) * BarWidth / 100;
            yield return $"[{new string('#', filled)}{new string('-', BarWidth - filled)}]";
        }

        yield return record.StatusDescription;
        yield return record.CurrentOperation;
    }
}
