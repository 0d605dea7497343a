using System.Globalization;
using System.Management.Automation;
using AzsBackup.Engine.Backup;
using AzsBackup.Model;
using AzsBackup.Pipeline;
using AzsBackup.Sessions;
using AzsBackup.Vault;
using AzsBackup.Vault.Removal;
using AzsBackup.Vault.Retention;

namespace AzsBackup.Commands;

/// <summary>Marks recovery points for removal after a delay, or takes that back.</summary>
[Cmdlet(VerbsCommon.Remove, "AzsVmBackup", DefaultParameterSetName = ByPoint, SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(AzsVmRecoveryPoint))]
public sealed class RemoveAzsVmBackupCommand : VmPointCmdlet
{
    private const string ByPolicy = "Retention";

    private bool _thinning;

    [Parameter(ParameterSetName = ByPoint, HelpMessage = "The opened vault, where it is not the one the recovery point was listed from.")]
    [Parameter(ParameterSetName = ByPolicy, Mandatory = true, HelpMessage = "The vault whose points are thinned out.")]
    public AzsBackupVault? Vault { get; set; }

    [Parameter(HelpMessage = "For how many days this can be undone.")]
    [ValidateRange(0, 3650)]
    public double DelayDays { get; set; } = PointRemoval.DefaultDelay.TotalDays;

    [Parameter(ParameterSetName = ByPoint, HelpMessage = "Keep points that wait for their removal.")]
    public SwitchParameter Undo { get; set; }

    [Parameter(ParameterSetName = ByPolicy, HelpMessage = "Only points of VMs of these names; wildcards are allowed.")]
    [SupportsWildcards]
    public string[] VmName { get; set; } = ["*"];

    [Parameter(ParameterSetName = ByPolicy, HelpMessage = "Keep the newest so many points of each VM.")]
    [ValidateRange(0, int.MaxValue)]
    public int KeepLast { get; set; }

    [Parameter(ParameterSetName = ByPolicy, HelpMessage = "Keep a point an hour, for so many hours.")]
    [ValidateRange(0, int.MaxValue)]
    public int KeepHourly { get; set; }

    [Parameter(ParameterSetName = ByPolicy, HelpMessage = "Keep a point a day, for so many days.")]
    [ValidateRange(0, int.MaxValue)]
    public int KeepDaily { get; set; }

    [Parameter(ParameterSetName = ByPolicy, HelpMessage = "Keep a point a week, for so many weeks.")]
    [ValidateRange(0, int.MaxValue)]
    public int KeepWeekly { get; set; }

    [Parameter(ParameterSetName = ByPolicy, HelpMessage = "Keep a point a month, for so many months.")]
    [ValidateRange(0, int.MaxValue)]
    public int KeepMonthly { get; set; }

    [Parameter(ParameterSetName = ByPolicy, HelpMessage = "Keep a point a year, for so many years.")]
    [ValidateRange(0, int.MaxValue)]
    public int KeepYearly { get; set; }

    /// <inheritdoc/>
    private protected override AzsBackupVault? OtherVault => Vault;

    /// <inheritdoc/>
    protected override void Prepare()
    {
        _thinning = ParameterSetName == ByPolicy;
        base.Prepare();
    }

    /// <inheritdoc/>
    protected override async Task EndAsync(CommandOutput output, CancellationToken cancellationToken)
    {
        var points = _thinning ? await ThinAsync(output, cancellationToken).ConfigureAwait(false) : Points;
        var done = new List<AzsVmRecoveryPoint>();
        foreach (var point in points)
        {
            await output.TryItemAsync(
                point,
                async cancelled =>
                {
                    if (await RemoveAsync(point, _thinning, output, cancelled).ConfigureAwait(false)) done.Add(point);
                },
                cancellationToken).ConfigureAwait(false);
        }

        if (done.Count > 0) await WriteAsync(done, output, cancellationToken).ConfigureAwait(false);
    }

    private async Task<bool> RemoveAsync(AzsVmRecoveryPoint point, bool byPolicy, CommandOutput output, CancellationToken cancellationToken)
    {
        var removal = new PointRemoval(Open(point));
        var action = Undo ? "Keep the recovery point after all" : string.Create(CultureInfo.InvariantCulture, $"Remove the recovery point in {DelayDays} days");
        if (!await output.ShouldProcessAsync(point.ToString(), action, cancellationToken).ConfigureAwait(false)) return false;
        if (Undo) await removal.UndoAsync(point.Id, cancellationToken).ConfigureAwait(false);
        else await removal.RequestAsync(point.Id, TimeSpan.FromDays(DelayDays), byPolicy, cancellationToken).ConfigureAwait(false);
        return true;
    }

    private async Task<IReadOnlyList<AzsVmRecoveryPoint>> ThinAsync(CommandOutput output, CancellationToken cancellationToken)
    {
        var policy = new RetentionPolicy
        {
            Last = KeepLast,
            Hourly = KeepHourly,
            Daily = KeepDaily,
            Weekly = KeepWeekly,
            Monthly = KeepMonthly,
            Yearly = KeepYearly,
        };
        if (policy == new RetentionPolicy())
        {
            throw new AzsException(AzsErrorKind.InvalidInput, "RetentionPolicyInvalid", "No rule says what to keep.", "Give at least one of -KeepLast, -KeepHourly, -KeepDaily, -KeepWeekly, -KeepMonthly and -KeepYearly.");
        }

        var vault = VaultSessions.Resolve(Vault!);
        var catalog = new VmPointCatalog(vault, Vault!, output.Log);
        var patterns = Array.ConvertAll(VmName, name => WildcardPattern.Get(name, WildcardOptions.IgnoreCase));
        var headers = new List<PointHeader>();
        var byId = new Dictionary<string, AzsVmRecoveryPoint>(StringComparer.Ordinal);
        await foreach (var header in vault.ListPointsAsync(cancellationToken).ConfigureAwait(false))
        {
            if (VmPointDetails.Read(header) is not { } details || !Array.Exists(patterns, pattern => pattern.IsMatch(details.VmName))) continue;
            headers.Add(header);
            byId.Add(header.Id, catalog.Describe(header, details));
        }

        var going = new List<AzsVmRecoveryPoint>();
        foreach (var (point, decision) in VaultRetention.Decide(headers, policy, TimeProvider.System.GetUtcNow().UtcDateTime))
        {
            if (decision.Keep) output.Log.Verbose($"Keep {byId[point.Id]}: {decision.Reasons}.");
            else going.Add(byId[point.Id]);
        }

        return going;
    }
}
