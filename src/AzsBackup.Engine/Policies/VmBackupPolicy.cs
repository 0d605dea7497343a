using System.Text.Json;
using System.Text.Json.Serialization;
using AzsBackup.Engine.Disks;
using AzsBackup.Model;

namespace AzsBackup.Engine.Policies;

/// <summary>A policy as it is kept in the vault (POLICY.md).</summary>
public sealed record VmBackupPolicy
{
    /// <summary>The version of this document that this engine writes.</summary>
    public const int CurrentVersion = 1;

    private static readonly JsonSerializerOptions Style = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        Converters = { new JsonStringEnumConverter() },
    };

    /// <summary>The version of the document.</summary>
    public int PolicyVersion { get; init; } = CurrentVersion;

    /// <summary>The policy's name, as it was given; unique in its vault whatever its case.</summary>
    public required string Name { get; init; }

    /// <summary>Whether it is run.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>The host name of the stack whose VMs it is for, in lower case.</summary>
    public required string Stack { get; init; }

    /// <summary>Rules that select VMs: one that fits is enough.</summary>
    public required IReadOnlyList<PolicyRule> Select { get; init; }

    /// <summary>Rules that leave VMs out, whatever selects them.</summary>
    public IReadOnlyList<PolicyRule> Exclude { get; init; } = [];

    /// <summary>When it runs.</summary>
    public required PolicySchedule Schedule { get; init; }

    /// <summary>Since when the schedule counts (UTC): times before have nothing to do with it.</summary>
    public required DateTime ScheduledFrom { get; init; }

    /// <summary>How late a run may be, in minutes, before it counts as missed; it is made up for all the same.</summary>
    public int MissedAfterMinutes { get; init; } = 120;

    /// <summary>Which points stay; if it says nothing, all.</summary>
    public PolicyRetention Retention { get; init; } = new();

    /// <summary>For how many days a removal by retention can be undone, 0 to 3650.</summary>
    public double RemovalDelayDays { get; init; } = 7;

    /// <summary>The consistency of the disks.</summary>
    public AzsConsistency Consistency { get; init; }

    /// <summary>For <see cref="AzsConsistency.Application"/>: a script file on the machine that runs the policy that makes a guest quiet.</summary>
    public string? PreSnapshotPath { get; init; }

    /// <summary>For <see cref="AzsConsistency.Application"/>: the script file that lets a guest go on.</summary>
    public string? PostSnapshotPath { get; init; }

    /// <summary>How many seconds a guest may stay quiet, 1 to 3600.</summary>
    public int QuiesceLimitSeconds { get; init; } = 60;

    /// <summary>Whether the snapshots of all its VMs are made together, or of none.</summary>
    public bool ConsistencyGroup { get; init; }

    /// <summary>The disks to back up; empty for all.</summary>
    public IReadOnlyList<string> IncludeDisk { get; init; } = [];

    /// <summary>The disks to leave out.</summary>
    public IReadOnlyList<string> ExcludeDisk { get; init; } = [];

    /// <summary>How many VMs are backed up at once, 1 to 64.</summary>
    public int ThrottleLimit { get; init; } = 4;

    /// <summary>How late a run may be.</summary>
    [JsonIgnore]
    public TimeSpan MissedAfter => TimeSpan.FromMinutes(MissedAfterMinutes);

    /// <summary>The name by which it is found: whatever the case.</summary>
    [JsonIgnore]
    public string Key => KeyOf(Name);

    /// <summary>The disks of a VM that it takes.</summary>
    [JsonIgnore]
    public DiskSelection Disks => new() { Include = IncludeDisk, Exclude = ExcludeDisk, PassOverUnknown = true };

    /// <summary>The name by which a policy of a name is found.</summary>
    public static string KeyOf(string name) => name.Trim().ToUpperInvariant();

    /// <summary>Reads a policy; the faults of one that says impossible things are told when it is run or changed, not here.</summary>
    /// <exception cref="AzsException"><c>PolicyDamaged</c>, <c>PolicyTooNew</c>.</exception>
    public static VmBackupPolicy Read(JsonElement json, string name)
    {
        if (json.TryGetProperty("policyVersion", out var version) && version.ValueKind == JsonValueKind.Number && version.TryGetInt32(out var number) && number > CurrentVersion)
        {
            throw PolicyErrors.TooNew(name);
        }

        try
        {
            return json.Deserialize<VmBackupPolicy>(Style) is { Name: not null, Stack: not null, Select: not null, Schedule: not null } policy
                ? policy
                : throw PolicyErrors.Damaged(name, "it is no policy.");
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException or FormatException)
        {
            throw PolicyErrors.Damaged(name, failure.Message);
        }
    }

    /// <summary>The document for the vault.</summary>
    public JsonElement Write() => JsonSerializer.SerializeToElement(this, Style);

    /// <summary>Checks all that it says.</summary>
    /// <exception cref="AzsException"><c>PolicyInvalid</c>, naming all faults at once; <c>TimeZoneUnknown</c>.</exception>
    public void Validate()
    {
        var faults = FindFaults().Concat(Schedule.FindFaults()).ToList();
        if (faults.Count > 0) throw PolicyErrors.Invalid(Name, faults);
        _ = Schedule.Zone;
        Retention.ToVault(TimeZoneInfo.Utc).Validate();
    }

    private IEnumerable<string> FindFaults()
    {
        if (string.IsNullOrWhiteSpace(Name) || Name.Length > 64 || Name.Any(char.IsControl)) yield return "Its name must have 1 to 64 letters and no control characters.";
        if (Select.Count == 0 || Select.Any(rule => rule.IsEmpty())) yield return "It must say which VMs are meant; -VmName * means all.";
        if (Exclude.Any(rule => rule.IsEmpty())) yield return "A rule that leaves VMs out says nothing.";
        if (ThrottleLimit is < 1 or > 64) yield return "1 to 64 VMs can be backed up at once.";
        if (MissedAfterMinutes is < 1 or > 44640) yield return "A run may be 1 to 44640 minutes late.";
        if (RemovalDelayDays is not (>= 0 and <= 3650)) yield return "A removal can be undone for 0 to 3650 days.";
        if (QuiesceLimitSeconds is < 1 or > 3600) yield return "A guest may stay quiet for 1 to 3600 seconds.";
        if (Consistency == AzsConsistency.Application != PreSnapshotPath is not null) yield return "A script that makes guests quiet goes with the consistency Application, and is needed there.";
        if (PostSnapshotPath is not null && PreSnapshotPath is null) yield return "A script that lets guests go on goes with one that makes them quiet.";
    }
}
