using System.Collections;
using System.Globalization;
using System.Management.Automation;
using AzsBackup.Engine.Policies;
using AzsBackup.Model;
using AzsBackup.Pipeline;

namespace AzsBackup.Input;

/// <summary>The base of the commands that say what a policy shall be.</summary>
public abstract class PolicySettingsCmdlet : AsyncCmdlet
{
    [Parameter(HelpMessage = "The VMs of these names; wildcards are allowed. '*' means all.")]
    [SupportsWildcards]
    public string[] VmName { get; set; } = [];

    [Parameter(HelpMessage = "The VMs of these resource groups; wildcards are allowed.")]
    [SupportsWildcards]
    public string[] ResourceGroupName { get; set; } = [];

    [Parameter(HelpMessage = "The VMs of these subscriptions, by id; those of the connection's own if left out.")]
    public string[] SubscriptionId { get; set; } = [];

    [Parameter(HelpMessage = "The VMs that have all these tags with these values; '*' means any value.")]
    public Hashtable Tag { get; set; } = [];

    [Parameter(HelpMessage = "Several rules, each a hash table with VmName, ResourceGroupName, SubscriptionId, Tag: a VM that fits one of them is selected.")]
    public Hashtable[] Select { get; set; } = [];

    [Parameter(HelpMessage = "Rules, each a hash table as for -Select: a VM that fits one of them is left out.")]
    public Hashtable[] Exclude { get; set; } = [];

    [Parameter(HelpMessage = "Run every so many hours, counted from midnight.")]
    [ValidateRange(1, 23)]
    public int EveryHours { get; set; }

    [Parameter(HelpMessage = "With -EveryHours: at which minute of the hour.")]
    [ValidateRange(0, 59)]
    public int Minute { get; set; }

    [Parameter(HelpMessage = "Run at these times of the day, for example 22:30: every day, or on the days named.")]
    public string[] At { get; set; } = [];

    [Parameter(HelpMessage = "With -At: only on these days of the week.")]
    public DayOfWeek[] DayOfWeek { get; set; } = [];

    [Parameter(HelpMessage = "With -At: only on these days of the month; -1 is its last day.")]
    public int[] DayOfMonth { get; set; } = [];

    [Parameter(HelpMessage = "With -At and -DayOfWeek: only the first, second, … or last of these days in a month.")]
    public AzsWeekOfMonth[] WeekOfMonth { get; set; } = [];

    [Parameter(HelpMessage = "The time zone of the schedule and the retention, by its IANA or Windows name; this machine's if left out.")]
    public string? TimeZone { get; set; }

    [Parameter(HelpMessage = "After how many minutes without a run its time counts as missed; it is made up for all the same.")]
    [ValidateRange(1, 44640)]
    public int MissedAfterMinutes { get; set; }

    [Parameter(HelpMessage = "Keep the newest so many points of each VM.")]
    [ValidateRange(0, int.MaxValue)]
    public int KeepLast { get; set; }

    [Parameter(HelpMessage = "Keep a point an hour, for so many hours.")]
    [ValidateRange(0, int.MaxValue)]
    public int KeepHourly { get; set; }

    [Parameter(HelpMessage = "Keep a point a day, for so many days.")]
    [ValidateRange(0, int.MaxValue)]
    public int KeepDaily { get; set; }

    [Parameter(HelpMessage = "Keep a point a week, for so many weeks.")]
    [ValidateRange(0, int.MaxValue)]
    public int KeepWeekly { get; set; }

    [Parameter(HelpMessage = "Keep a point a month, for so many months.")]
    [ValidateRange(0, int.MaxValue)]
    public int KeepMonthly { get; set; }

    [Parameter(HelpMessage = "Keep a point a year, for so many years.")]
    [ValidateRange(0, int.MaxValue)]
    public int KeepYearly { get; set; }

    [Parameter(HelpMessage = "For how many days a removal by retention can be undone.")]
    [ValidateRange(0, 3650)]
    public double RemovalDelayDays { get; set; }

    [Parameter(HelpMessage = "The consistency of the disks with each other and with what runs on them.")]
    public AzsConsistency Consistency { get; set; }

    [Parameter(HelpMessage = "For -Consistency Application: a script file on the machine that runs the policy; it makes a guest quiet and gets the VM as its argument.")]
    public string? PreSnapshotPath { get; set; }

    [Parameter(HelpMessage = "For -Consistency Application: the script file that lets the guest go on; run whatever happened.")]
    public string? PostSnapshotPath { get; set; }

    [Parameter(HelpMessage = "For -Consistency Application: how many seconds a guest may stay quiet.")]
    [ValidateRange(1, 3600)]
    public int QuiesceLimit { get; set; }

    [Parameter(HelpMessage = "Make the snapshots of all its VMs together, or of none.")]
    public SwitchParameter ConsistencyGroup { get; set; }

    [Parameter(HelpMessage = "Only these disks: 'os', LUNs or names. A VM that lacks one is backed up without it.")]
    public string[] IncludeDisk { get; set; } = [];

    [Parameter(HelpMessage = "All disks but these: 'os', LUNs or names.")]
    public string[] ExcludeDisk { get; set; } = [];

    [Parameter(HelpMessage = "How many VMs are backed up at once.")]
    [ValidateRange(1, 64)]
    public int ThrottleLimit { get; set; }

    [Parameter(HelpMessage = "Do not run it; -Disabled:$false runs it again.")]
    public SwitchParameter Disabled { get; set; }

    /// <summary>A policy with what was given in place of what it said. On the pipeline thread only.</summary>
    /// <exception cref="AzsException"><c>PolicyRuleInvalid</c>, <c>ScheduleTimeInvalid</c>.</exception>
    private protected VmBackupPolicy Apply(VmBackupPolicy policy, DateTime now)
    {
        var schedule = Schedule(policy.Schedule);
        return policy with
        {
            Select = Has(nameof(VmName), nameof(ResourceGroupName), nameof(SubscriptionId), nameof(Tag), nameof(Select)) ? Selection() : policy.Select,
            Exclude = Has(nameof(Exclude)) ? PolicyRules.Read(Exclude) : policy.Exclude,
            Schedule = schedule,
            ScheduledFrom = ReferenceEquals(schedule, policy.Schedule) ? policy.ScheduledFrom : now,
            MissedAfterMinutes = Has(nameof(MissedAfterMinutes)) ? MissedAfterMinutes : policy.MissedAfterMinutes,
            Retention = policy.Retention with
            {
                Last = Has(nameof(KeepLast)) ? KeepLast : policy.Retention.Last,
                Hourly = Has(nameof(KeepHourly)) ? KeepHourly : policy.Retention.Hourly,
                Daily = Has(nameof(KeepDaily)) ? KeepDaily : policy.Retention.Daily,
                Weekly = Has(nameof(KeepWeekly)) ? KeepWeekly : policy.Retention.Weekly,
                Monthly = Has(nameof(KeepMonthly)) ? KeepMonthly : policy.Retention.Monthly,
                Yearly = Has(nameof(KeepYearly)) ? KeepYearly : policy.Retention.Yearly,
            },
            RemovalDelayDays = Has(nameof(RemovalDelayDays)) ? RemovalDelayDays : policy.RemovalDelayDays,
            Consistency = Has(nameof(Consistency)) ? Consistency : policy.Consistency,
            PreSnapshotPath = Has(nameof(PreSnapshotPath)) ? Resolve(PreSnapshotPath) : policy.PreSnapshotPath,
            PostSnapshotPath = Has(nameof(PostSnapshotPath)) ? Resolve(PostSnapshotPath) : policy.PostSnapshotPath,
            QuiesceLimitSeconds = Has(nameof(QuiesceLimit)) ? QuiesceLimit : policy.QuiesceLimitSeconds,
            ConsistencyGroup = Has(nameof(ConsistencyGroup)) ? ConsistencyGroup.ToBool() : policy.ConsistencyGroup,
            IncludeDisk = Has(nameof(IncludeDisk)) ? IncludeDisk : policy.IncludeDisk,
            ExcludeDisk = Has(nameof(ExcludeDisk)) ? ExcludeDisk : policy.ExcludeDisk,
            ThrottleLimit = Has(nameof(ThrottleLimit)) ? ThrottleLimit : policy.ThrottleLimit,
            Enabled = Has(nameof(Disabled)) ? !Disabled.ToBool() : policy.Enabled,
        };
    }

    private bool Has(params string[] names) => names.Any(MyInvocation.BoundParameters.ContainsKey);

    private string? Resolve(string? path) => string.IsNullOrEmpty(path) ? null : SessionPath.Resolve(this, path);

    private IReadOnlyList<PolicyRule> Selection()
    {
        var typed = new PolicyRule { VmName = VmName, ResourceGroupName = ResourceGroupName, SubscriptionId = SubscriptionId, Tag = PolicyRules.Tags(Tag) };
        var several = PolicyRules.Read(Select);
        return typed.IsEmpty() ? several : [typed, .. several];
    }

    private PolicySchedule Schedule(PolicySchedule before)
    {
        var zone = TimeZone ?? before.TimeZone;
        if (!Has(nameof(EveryHours), nameof(Minute), nameof(At), nameof(DayOfWeek), nameof(DayOfMonth), nameof(WeekOfMonth)))
        {
            return zone == before.TimeZone ? before : before with { TimeZone = zone };
        }

        return new PolicySchedule
        {
            Frequency = Has(nameof(EveryHours)) ? AzsScheduleFrequency.Hourly
                : Has(nameof(DayOfMonth)) || Has(nameof(WeekOfMonth)) ? AzsScheduleFrequency.Monthly
                : Has(nameof(DayOfWeek)) ? AzsScheduleFrequency.Weekly
                : AzsScheduleFrequency.Daily,
            TimeZone = zone,
            EveryHours = EveryHours,
            Minute = Minute,
            At = [.. At.Select(Time)],
            DaysOfWeek = DayOfWeek,
            DaysOfMonth = DayOfMonth,
            WeeksOfMonth = WeekOfMonth,
        };
    }

    private static TimeOnly Time(string text) =>
        TimeOnly.TryParseExact(text, ["H:mm", "HH:mm"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var time)
            ? time
            : throw new AzsException(AzsErrorKind.InvalidInput, "ScheduleTimeInvalid", $"'{text}' is no time of the day.", "Give hours and minutes, for example 22:30.", text);
}
