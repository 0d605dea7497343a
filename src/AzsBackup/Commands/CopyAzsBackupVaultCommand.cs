using System.Management.Automation;
using AzsBackup.Composition;
using AzsBackup.Engine.Backup;
using AzsBackup.Formatting;
using AzsBackup.Input;
using AzsBackup.Model;
using AzsBackup.Pipeline;
using AzsBackup.Sessions;
using AzsBackup.Vault;
using AzsBackup.Vault.Copying;

namespace AzsBackup.Commands;

/// <summary>Copies a vault to another place: what is missing there, as it is stored.</summary>
[Cmdlet(VerbsCommon.Copy, "AzsBackupVault", DefaultParameterSetName = ToFolder, SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Low)]
[OutputType(typeof(AzsBackupVaultCopy))]
public sealed class CopyAzsBackupVaultCommand : JobCmdlet
{
    private const string ToFolder = "Folder";
    private const string ToContainer = "Container";
    private const string ToVault = "Vault";

    private readonly List<AzsBackupVault> _vaults = [];
    private bool _explains;

    [Parameter(Mandatory = true, ValueFromPipeline = true, HelpMessage = "The vault to copy, from New- or Get-AzsBackupVault.")]
    public AzsBackupVault Vault { get; set; } = null!;

    [Parameter(ParameterSetName = ToFolder, Mandatory = true, Position = 0, HelpMessage = "The folder of the copy: empty, missing, or with a copy of this vault.")]
    public string DestinationPath { get; set; } = "";

    [Parameter(ParameterSetName = ToContainer, Mandatory = true, HelpMessage = "The blob container of the copy: its URI with a SAS that may read, list and create.")]
    public Uri? DestinationContainerUri { get; set; }

    [Parameter(ParameterSetName = ToContainer, HelpMessage = "A PEM or DER file with certificates to trust besides the system's, for a container on a stack with a CA of its own.")]
    public string? DestinationCaCertificatePath { get; set; }

    [Parameter(ParameterSetName = ToVault, Mandatory = true, HelpMessage = "The copy, from Get-AzsBackupVault.")]
    public AzsBackupVault? Destination { get; set; }

    [Parameter(HelpMessage = "Only points of VMs of these names; wildcards are allowed.")]
    [SupportsWildcards]
    public string[] VmName { get; set; } = [];

    [Parameter(HelpMessage = "Only these recovery points, from Get-AzsVmBackup.")]
    public AzsVmRecoveryPoint[] RecoveryPoint { get; set; } = [];

    [Parameter(HelpMessage = "How many chunks are on their way at a time: 8 unless set.")]
    [ValidateRange(1, 64)]
    public int ThrottleLimit { get; set; } = 8;

    /// <inheritdoc/>
    protected override void Prepare()
    {
        if (ParameterSetName == ToFolder) DestinationPath = SessionPath.Resolve(this, DestinationPath);
        if (DestinationCaCertificatePath is not null) DestinationCaCertificatePath = SessionPath.Resolve(this, DestinationCaCertificatePath);
        _explains = IsWhatIf || MyInvocation.BoundParameters.ContainsKey("Confirm");
        _vaults.Add(Vault);
    }

    /// <inheritdoc/>
    protected override async Task EndAsync(CommandOutput output, CancellationToken cancellationToken)
    {
        foreach (var vault in _vaults)
            await output.TryItemAsync(vault, stop => CopyAsync(vault, output, stop), cancellationToken).ConfigureAwait(false);
    }

    private async Task CopyAsync(AzsBackupVault description, CommandOutput output, CancellationToken cancellationToken)
    {
        var source = VaultSessions.Resolve(description);
        var options = new VaultCopyOptions
        {
            Filter = VmName.Length == 0 && RecoveryPoint.Length == 0 ? null : Wants,
            ChunksInFlight = ThrottleLimit,
            Progress = new VaultCopyMeter(output.Log, TimeProvider.System),
        };
        var store = Destination is not null ? null
            : DestinationContainerUri is not null ? VaultStores.Container(DestinationContainerUri, DestinationCaCertificatePath)
            : VaultStores.Folder(DestinationPath);
        using var owned = store as IDisposable;
        var copy = store is not null ? new VaultCopy(source, store, options) : new VaultCopy(source, VaultSessions.Resolve(Destination!), options);
        var place = store?.Location ?? Destination!.Path;
        var action = $"Copy the recovery points of {description.Path} that are missing there";
        if (_explains) action = Explain(description, await copy.PlanAsync(cancellationToken).ConfigureAwait(false));
        if (!await output.ShouldProcessAsync(place, action, cancellationToken).ConfigureAwait(false)) return;
        await foreach (var point in copy.RunAsync(cancellationToken).ConfigureAwait(false))
        {
            var result = Describe(point, description, place);
            await output.WriteAsync(result, cancellationToken).ConfigureAwait(false);
            if (point.Failure is { } failure) await output.WriteErrorAsync(failure, result.Id, cancellationToken).ConfigureAwait(false);
        }

        foreach (var key in copy.KeysOnlyInDestination)
            output.Log.Warning($"The copy at {place} has the key {key}, which {description.Path} does not have. If it was removed there, remove it from the copy as well: Remove-AzsBackupVaultKey.");
    }

    private static string Explain(AzsBackupVault source, VaultCopyPlan plan)
    {
        var damaged = plan.PointsDamaged == 0 ? "" : $"; {plan.PointsDamaged} more are not whole in the source";
        var make = plan.MakesVault ? "Make a copy of" : "Copy from";
        return $"{make} {source.Path}: {plan.PointsToCopy} recovery points, {plan.ChunksToCopy} chunks, {DisplayText.Bytes(plan.BytesToCopy)} ({plan.PointsPresent} points are there{damaged})";
    }

    private static AzsBackupVaultCopy Describe(PointCopy copy, AzsBackupVault source, string place) => new()
    {
        Id = copy.Point.Id,
        VmName = copy.Point.IsDamaged ? "" : VmPointDetails.Read(copy.Point)?.VmName ?? copy.Point.Item,
        CreatedAt = copy.Point.CreatedAt,
        Status = copy.Status switch
        {
            PointCopyStatus.Copied => AzsVaultCopyStatus.Copied,
            PointCopyStatus.Present => AzsVaultCopyStatus.Present,
            _ => AzsVaultCopyStatus.Failed,
        },
        ChunksCopied = copy.ChunksCopied,
        BytesCopied = copy.BytesCopied,
        DamagedObjects = copy.DamagedObjects,
        Reason = copy.Failure?.Message,
        Source = source.Path,
        Destination = place,
    };

    private bool Wants(PointHeader point)
    {
        var name = VmPointDetails.Read(point)?.VmName ?? point.Item;
        return (VmName.Length == 0 || Array.Exists(VmName, pattern => WildcardPattern.Get(pattern, WildcardOptions.IgnoreCase).IsMatch(name)))
            && (RecoveryPoint.Length == 0 || Array.Exists(RecoveryPoint, wanted => wanted.Id == point.Id));
    }
}
