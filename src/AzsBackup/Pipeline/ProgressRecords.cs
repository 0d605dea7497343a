using System.Management.Automation;
using AzsBackup.Engine.Running;
using AzsBackup.Formatting;

namespace AzsBackup.Pipeline;

/// <summary>The one place where a transfer's state becomes what a person reads.</summary>
internal static class ProgressRecords
{
    public static ProgressRecord From(int activityId, TransferProgress progress) =>
        new(activityId, $"{progress.Activity} {progress.Subject}", Describe(progress))
        {
            PercentComplete = progress.BytesTotal > 0 ? progress.Percent : -1,
            SecondsRemaining = SecondsRemaining(progress),
            RecordType = progress.Finished ? ProgressRecordType.Completed : ProgressRecordType.Processing,
        };

    private static string Describe(TransferProgress progress)
    {
        var done = DisplayText.Bytes(progress.BytesDone);
        var rate = $"{DisplayText.Bytes((long)progress.BytesPerSecond)}/s";
        return progress.BytesTotal > 0
            ? $"{progress.Percent} %, {done} of {DisplayText.Bytes(progress.BytesTotal)}, {rate}"
            : $"{done}, {rate}";
    }

    private static int SecondsRemaining(TransferProgress progress)
    {
        if (progress.BytesTotal <= 0 || progress.BytesPerSecond <= 0) return -1;
        return (int)Math.Clamp((progress.BytesTotal - progress.BytesDone) / progress.BytesPerSecond, 0, int.MaxValue);
    }
}
