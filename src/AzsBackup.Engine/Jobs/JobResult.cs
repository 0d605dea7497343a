using System.Text.Json;
using AzsBackup.Model;

namespace AzsBackup.Engine.Jobs;

/// <summary>What the record of a VM's backup, or of a policy's run, says when it is over.</summary>
internal sealed record JobResult
{
    public const string CurrentFormat = "azsbackup-job-result/1";

    public string Format { get; init; } = CurrentFormat;

    public required AzsVmBackupJobState State { get; init; }

    /// <summary>The recovery point made; null if none was.</summary>
    public string? PointId { get; init; }

    /// <summary>Bytes read from the stack.</summary>
    public long BytesRead { get; init; }

    /// <summary>Bytes added to the vault.</summary>
    public long BytesStored { get; init; }

    public string? ErrorId { get; init; }

    public string? Error { get; init; }

    public static JobResult? TryRead(JsonElement? json) => json is { } said ? JobJson.TryRead<JobResult>(said, CurrentFormat) : null;

    /// <summary>The result of something that ended with an exception.</summary>
    public static JobResult Of(Exception failure) => failure switch
    {
        OperationCanceledException => new JobResult { State = AzsVmBackupJobState.Stopped },
        AzsException { ErrorId: "VmBackupRunning" } busy => new JobResult { State = AzsVmBackupJobState.Skipped, ErrorId = busy.ErrorId, Error = busy.Message },
        AzsException told => new JobResult { State = AzsVmBackupJobState.Failed, ErrorId = told.ErrorId, Error = told.Message },
        _ => new JobResult { State = AzsVmBackupJobState.Failed, ErrorId = failure.GetType().Name, Error = failure.Message },
    };
}
