using System.Globalization;
using AzsBackup.Model;
using AzsBackup.Vault.Jobs;

namespace AzsBackup.Engine.Jobs;

/// <summary>Records of jobs as people get them.</summary>
internal static class JobView
{
    public static AzsVmBackupJob Of(VmJobDetails details, DateTime startedAt, DateTime? endedAt, JobResult? result, AzsVmBackupJobState otherwise) => new()
    {
        Policy = details.Policy,
        VmName = details.VmName,
        VmId = details.VmId,
        Stack = details.Stack,
        Shard = details.Shard,
        ScheduledFor = details.Occurrence,
        StartedAt = startedAt,
        EndedAt = endedAt,
        State = result?.State ?? otherwise,
        ErrorId = result?.ErrorId,
        Error = result?.Error ?? WordOf(otherwise, result),
        RecoveryPointId = result?.PointId,
        BytesRead = result?.BytesRead ?? 0,
        BytesStored = result?.BytesStored ?? 0,
    };

    public static AzsVmBackupJob Of(PolicyRunDetails details, DateTime startedAt, DateTime? endedAt, JobResult? result, AzsVmBackupJobState otherwise) => new()
    {
        Policy = details.Policy,
        Stack = details.Stack,
        Shard = details.Shard,
        ScheduledFor = details.Occurrence,
        StartedAt = startedAt,
        EndedAt = endedAt,
        State = result?.State ?? otherwise,
        ErrorId = result?.ErrorId,
        Error = result?.Error ?? WordOf(otherwise, result),
        BytesRead = result?.BytesRead ?? 0,
        BytesStored = result?.BytesStored ?? 0,
    };

    /// <summary>The times that a run came too late for; null if there are none.</summary>
    public static AzsVmBackupJob? MissedOf(PolicyRunDetails details) => details is not { Missed: > 0, FirstMissed: { } first, LastMissed: { } last } ? null : new()
    {
        Policy = details.Policy,
        Stack = details.Stack,
        Shard = details.Shard,
        ScheduledFor = first,
        State = AzsVmBackupJobState.Missed,
        ErrorId = "ScheduleMissed",
        Error = details.Missed == 1
            ? string.Create(CultureInfo.InvariantCulture, $"The run of {first:yyyy-MM-dd HH:mm} UTC was missed; it was made up for late.")
            : string.Create(CultureInfo.InvariantCulture, $"{details.Missed} runs from {first:yyyy-MM-dd HH:mm} to {last:yyyy-MM-dd HH:mm} UTC were missed; one run made up for all of them."),
    };

    /// <summary>What a record amounts to: nothing for one of another sort, and two for a run that came late.</summary>
    public static IEnumerable<AzsVmBackupJob> Of(VaultJobRecord record)
    {
        var otherwise = record.IsRunning ? AzsVmBackupJobState.Running : AzsVmBackupJobState.Died;
        var result = JobResult.TryRead(record.Result);
        if (VmJobDetails.TryRead(record.Details) is { } vm)
        {
            yield return Of(vm, record.BegunAt, record.EndedAt, result, otherwise);
        }
        else if (PolicyRunDetails.TryRead(record.Details) is { } run)
        {
            if (MissedOf(run) is { } missed) yield return missed;
            yield return Of(run, record.BegunAt, record.EndedAt, result, otherwise);
        }
    }

    private static string? WordOf(AzsVmBackupJobState otherwise, JobResult? result) =>
        result is null && otherwise == AzsVmBackupJobState.Died ? "Its process ended without a word." : null;
}
