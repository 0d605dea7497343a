using System.Management.Automation;
using AzsBackup.Engine.Running;

namespace AzsBackup.Pipeline;

/// <summary>
/// The newest word on each transfer. Keeps hosts from drowning: a restore elsewhere went from 14 hours to 20 minutes with
/// progress off (rubrik-sdk-for-powershell#844). Safe for concurrent use.
/// </summary>
internal sealed class ProgressBoard(TimeProvider time)
{
    /// <summary>The least time between two records of one subject: five a second.</summary>
    internal static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    private readonly Dictionary<string, Line> _lines = new(StringComparer.OrdinalIgnoreCase);
    private readonly object _gate = new();
    private int _lastActivityId;

    /// <summary>Notes where a transfer stands.</summary>
    /// <returns>Whether it is time to <see cref="Take"/> its record and show it.</returns>
    public bool Update(TransferProgress progress)
    {
        lock (_gate)
        {
            if (!_lines.TryGetValue(progress.Subject, out var line))
            {
                _lines.Add(progress.Subject, line = new Line(++_lastActivityId, progress));
            }

            line.Newest = progress;
            if (line.Announced) return false;
            line.Announced = progress.Finished || line.ShownAt is not { } shown || time.GetElapsedTime(shown) >= Interval;
            return line.Announced;
        }
    }

    /// <summary>The record to show for a subject now; null if there is nothing new.</summary>
    public ProgressRecord? Take(string subject)
    {
        lock (_gate)
        {
            if (!_lines.TryGetValue(subject, out var line) || !line.Announced) return null;
            line.Announced = false;
            line.ShownAt = time.GetTimestamp();
            if (line.Newest.Finished) _lines.Remove(subject);
            return ProgressRecords.From(line.ActivityId, line.Newest);
        }
    }

    /// <summary>The records that take away the lines still shown, of transfers that ended without a last word.</summary>
    public IReadOnlyList<ProgressRecord> Clear()
    {
        lock (_gate)
        {
            var open = _lines.Values.Where(line => line.ShownAt is not null)
                .Select(line => ProgressRecords.From(line.ActivityId, line.Newest with { Finished = true }))
                .ToList();
            _lines.Clear();
            return open;
        }
    }

    private sealed class Line(int activityId, TransferProgress newest)
    {
        public int ActivityId { get; } = activityId;

        public TransferProgress Newest { get; set; } = newest;

        /// <summary>Whether the pipeline was told to come and take the newest word.</summary>
        public bool Announced { get; set; }

        public long? ShownAt { get; set; }
    }
}
