using System.Management.Automation;
using AzsBackup.Composition;
using AzsBackup.Engine.Backup;
using AzsBackup.Engine.Capture;
using AzsBackup.Engine.Stacks;
using AzsBackup.Input;
using AzsBackup.Model;
using AzsBackup.Pipeline;
using AzsBackup.Sessions;

namespace AzsBackup.Commands;

/// <summary>Writes the configuration of resources to a folder or a vault, one document each.</summary>
[Cmdlet(VerbsData.Export, "AzsResourceConfig", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Low, DefaultParameterSetName = ToFolder)]
[OutputType(typeof(AzsResourceConfig))]
public sealed class ExportAzsResourceConfigCommand : JobCmdlet
{
    private const string ToFolder = "Folder";
    private const string ToVault = "Vault";

    private readonly List<ResourceId> _scopes = [];
    private string _folder = "";
    private IStack _stack = null!;

    [Parameter(ParameterSetName = ToFolder, Mandatory = true, Position = 0, HelpMessage = "The folder for the capture; made if missing.")]
    public string Path { get; set; } = "";

    [Parameter(ParameterSetName = ToVault, Mandatory = true, HelpMessage = "The vault that keeps the capture, one generation beside the others.")]
    public AzsBackupVault? Vault { get; set; }

    [Parameter(HelpMessage = "The stack: a connection or its name; the default one if left out.")]
    [StackName]
    [ArgumentCompleter(typeof(StackNameCompleter))]
    public AzsStackConnection? Stack { get; set; }

    [Parameter(ValueFromPipelineByPropertyName = true, HelpMessage = "The Resource Manager id of a resource or resource group.")]
    [Alias("Id")]
    public string? ResourceId { get; set; }

    [Parameter(ValueFromPipelineByPropertyName = true, HelpMessage = "A resource group; the whole subscription if left out.")]
    public string? ResourceGroupName { get; set; }

    [Parameter(ValueFromPipelineByPropertyName = true, HelpMessage = "The subscription; the connection's own by default.")]
    public string? SubscriptionId { get; set; }

    [Parameter(HelpMessage = "How many lists or resources are read at once.")]
    [ValidateRange(1, 64)]
    public int ThrottleLimit { get; set; } = 8;

    [Parameter(HelpMessage = "Warn of resources that are missing, instead of an error at the end.")]
    public SwitchParameter AllowPartial { get; set; }

    [Parameter(ParameterSetName = ToVault, HelpMessage = "Use a vault that lies on the stack itself: it is lost with it.")]
    public SwitchParameter AllowSameStack { get; set; }

    /// <inheritdoc/>
    protected override void Prepare()
    {
        if (Vault is null) _folder = SessionPath.Resolve(this, Path);
        _stack = StackSessions.OfProcess.Resolve(Stack);
        if (Vault is not null && !AllowSameStack) StackBoundary.ThrowIfHolds(_stack.Connection, Vault.Path);
        _scopes.Add(new CaptureScope(ResourceId, ResourceGroupName, SubscriptionId).ToId(_stack.Connection.SubscriptionId));
    }

    /// <inheritdoc/>
    protected override async Task EndAsync(CommandOutput output, CancellationToken cancellationToken)
    {
        if (_scopes.Count == 0) return;
        var scopes = _scopes.Distinct().ToList();
        var action = $"Export the configuration of {string.Join(", ", scopes)}";
        if (!await output.ShouldProcessAsync(Vault?.Path ?? _folder, action, cancellationToken).ConfigureAwait(false)) return;

        ICaptureStore store = Vault is null ? CaptureFolder.Open(_folder) : new CaptureVault(VaultSessions.Resolve(Vault));
        var options = new CaptureOptions { Scopes = scopes, ThrottleLimit = ThrottleLimit };
        var summary = new CaptureSummary();
        await foreach (var result in Engines.Capture(_stack, output.Log).RunAsync(options, store, cancellationToken).ConfigureAwait(false))
        {
            summary.Add(result);
            await output.WriteAsync(result, cancellationToken).ConfigureAwait(false);
        }

        if (summary.FindFailure(Vault?.Path ?? _folder) is not { } missing) return;
        if (AllowPartial) output.Log.Warning(missing.Message);
        else await output.WriteErrorAsync(missing, Vault?.Path ?? _folder, cancellationToken).ConfigureAwait(false);
    }
}
