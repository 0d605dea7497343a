using System.Management.Automation;
using AzsBackup.Composition;
using AzsBackup.Engine.Capture;
using AzsBackup.Engine.Stacks;
using AzsBackup.Input;
using AzsBackup.Model;
using AzsBackup.Pipeline;
using AzsBackup.Sessions;

namespace AzsBackup.Commands;

/// <summary>Writes the configuration of resources to a folder, one file each.</summary>
[Cmdlet(VerbsData.Export, "AzsResourceConfig", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Low)]
[OutputType(typeof(AzsResourceConfig))]
public sealed class ExportAzsResourceConfigCommand : JobCmdlet
{
    private readonly List<ResourceId> _scopes = [];
    private string _folder = "";
    private IStack _stack = null!;

    [Parameter(Mandatory = true, Position = 0, HelpMessage = "The folder for the capture; made if missing.")]
    public string Path { get; set; } = "";

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

    [Parameter(HelpMessage = "How many resources are read at once.")]
    [ValidateRange(1, 64)]
    public int ThrottleLimit { get; set; } = 8;

    /// <inheritdoc/>
    protected override void Prepare()
    {
        _folder = SessionPath.Resolve(this, Path);
        _stack = StackSessions.OfProcess.Resolve(Stack);
        _scopes.Add(new CaptureScope(ResourceId, ResourceGroupName, SubscriptionId).ToId(_stack.Connection.SubscriptionId));
    }

    /// <inheritdoc/>
    protected override async Task EndAsync(CommandOutput output, CancellationToken cancellationToken)
    {
        if (_scopes.Count == 0) return;
        var scopes = _scopes.Distinct().ToList();
        var action = $"Export the configuration of {string.Join(", ", scopes)}";
        if (!await output.ShouldProcessAsync(_folder, action, cancellationToken).ConfigureAwait(false)) return;

        var options = new CaptureOptions { Scopes = scopes, Path = _folder, ThrottleLimit = ThrottleLimit };
        await foreach (var result in Engines.Capture(_stack, output.Log).RunAsync(options, cancellationToken).ConfigureAwait(false))
        {
            await output.WriteAsync(result, cancellationToken).ConfigureAwait(false);
            if (result.Status != AzsCaptureStatus.Failed) continue;
            await output.WriteErrorAsync(Missing(result), result, cancellationToken).ConfigureAwait(false);
        }
    }

    private static AzsException Missing(AzsResourceConfig result) => new(
        AzsErrorKind.RemoteFailed,
        "ResourceNotCaptured",
        $"The export does not hold {result.ResourceId}: {result.Reason}",
        "Run the export again for it, or export what the sign-in may read.",
        result.ResourceId);
}
