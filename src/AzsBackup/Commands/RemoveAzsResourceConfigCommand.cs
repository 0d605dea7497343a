using System.Globalization;
using System.Management.Automation;
using AzsBackup.Engine.Capture;
using AzsBackup.Model;
using AzsBackup.Pipeline;
using AzsBackup.Sessions;
using AzsBackup.Vault.Removal;

namespace AzsBackup.Commands;

/// <summary>Marks captures of configuration in a vault for removal after a delay, or keeps them after all.</summary>
[Cmdlet(VerbsCommon.Remove, "AzsResourceConfig", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(AzsResourceCapture))]
public sealed class RemoveAzsResourceConfigCommand : AsyncCmdlet
{
    private readonly List<AzsResourceCapture> _captures = [];

    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, HelpMessage = "The captures, from Get-AzsResourceConfig.")]
    public AzsResourceCapture Capture { get; set; } = null!;

    [Parameter(HelpMessage = "How many days they wait and can still be read.")]
    [ValidateRange(0, 3650)]
    public int DelayDays { get; set; } = (int)PointRemoval.DefaultDelay.TotalDays;

    [Parameter(HelpMessage = "Keep captures that wait for their removal.")]
    public SwitchParameter Undo { get; set; }

    /// <inheritdoc/>
    protected override void Prepare() => _captures.Add(Capture);

    /// <inheritdoc/>
    protected override async Task EndAsync(CommandOutput output, CancellationToken cancellationToken)
    {
        var done = new List<AzsResourceCapture>();
        foreach (var capture in _captures)
        {
            await output.TryItemAsync(
                capture,
                async cancelled =>
                {
                    if (await RemoveAsync(capture, output, cancelled).ConfigureAwait(false)) done.Add(capture);
                },
                cancellationToken).ConfigureAwait(false);
        }

        foreach (var vault in done.GroupBy(capture => capture.Vault))
        {
            var wanted = vault.Select(capture => capture.Id).ToHashSet(StringComparer.Ordinal);
            await foreach (var capture in new CaptureCatalog(VaultSessions.Resolve(vault.Key), vault.Key, output.Log).ListAsync(cancellationToken).ConfigureAwait(false))
            {
                if (wanted.Contains(capture.Id)) await output.WriteAsync(capture, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private async Task<bool> RemoveAsync(AzsResourceCapture capture, CommandOutput output, CancellationToken cancellationToken)
    {
        var removal = new PointRemoval(VaultSessions.Resolve(capture.Vault));
        var action = Undo ? "Keep the capture after all" : string.Create(CultureInfo.InvariantCulture, $"Remove the capture in {DelayDays} days");
        var target = string.Create(CultureInfo.InvariantCulture, $"configuration of {capture.CapturedAt:yyyy-MM-dd HH:mm:ss} UTC ({capture.Id})");
        if (!await output.ShouldProcessAsync(target, action, cancellationToken).ConfigureAwait(false)) return false;
        if (Undo) await removal.UndoAsync(capture.Id, cancellationToken).ConfigureAwait(false);
        else await removal.RequestAsync(capture.Id, TimeSpan.FromDays(DelayDays), byRetention: false, cancellationToken).ConfigureAwait(false);
        return true;
    }
}
