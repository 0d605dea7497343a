using System.Management.Automation;
using AzsBackup.Engine.Capture;
using AzsBackup.Input;
using AzsBackup.Model;
using AzsBackup.Pipeline;
using AzsBackup.Sessions;

namespace AzsBackup.Commands;

/// <summary>Lists the captures of configuration in a vault, the oldest first, and reads them out into folders.</summary>
[Cmdlet(VerbsCommon.Get, "AzsResourceConfig", DefaultParameterSetName = ListOnly)]
[OutputType(typeof(AzsResourceCapture))]
public sealed class GetAzsResourceConfigCommand : AsyncCmdlet
{
    private const string ListOnly = "List";
    private const string ReadOut = "Path";

    [Parameter(Mandatory = true, ValueFromPipeline = true, HelpMessage = "The vault, from New- or Get-AzsBackupVault.")]
    public AzsBackupVault Vault { get; set; } = null!;

    [Parameter(HelpMessage = "Only the capture of this id.")]
    public string? Id { get; set; }

    [Parameter(HelpMessage = "Only the newest capture of each scope.")]
    public SwitchParameter Latest { get; set; }

    [Parameter(ParameterSetName = ReadOut, Mandatory = true, HelpMessage = "The folder to write the capture to; made if missing. Choose one capture with -Id or -Latest.")]
    public string? Path { get; set; }

    /// <inheritdoc/>
    protected override void Prepare()
    {
        if (Path is not null) Path = SessionPath.Resolve(this, Path);
    }

    /// <inheritdoc/>
    protected override async Task ProcessAsync(CommandOutput output, CancellationToken cancellationToken)
    {
        var opened = VaultSessions.Resolve(Vault);
        var captures = new List<AzsResourceCapture>();
        await foreach (var capture in new CaptureCatalog(opened, Vault, output.Log).ListAsync(cancellationToken).ConfigureAwait(false))
        {
            if (Id is null || Id.Equals(capture.Id, StringComparison.OrdinalIgnoreCase)) captures.Add(capture);
        }

        if (Id is not null && captures.Count == 0) throw NotInVault(Id);
        var chosen = captures
            .GroupBy(capture => (capture.Stack + ' ' + string.Join(' ', capture.Scopes)).ToUpperInvariant())
            .SelectMany(scope => Latest ? [scope.MaxBy(capture => capture.CapturedAt)!] : scope.AsEnumerable())
            .OrderBy(capture => capture.CapturedAt)
            .ToList();
        if (Path is not null)
        {
            if (chosen.Count != 1) throw NotOne(chosen.Count);
            await CaptureVault.CopyToAsync(opened, chosen[0].Id, CaptureFolder.Open(Path), cancellationToken).ConfigureAwait(false);
        }

        foreach (var capture in chosen) await output.WriteAsync(capture, cancellationToken).ConfigureAwait(false);
    }

    private AzsException NotInVault(string id) => new(
        AzsErrorKind.NotFound, "CaptureNotFound", $"The vault {Vault.Path} holds no capture '{id}'.", "List what it holds with Get-AzsResourceConfig -Vault.", id);

    private AzsException NotOne(int count) => new(
        AzsErrorKind.InvalidInput,
        "CaptureNotChosen",
        $"{count} captures in {Vault.Path} fit, and a folder holds one.",
        "Choose one with -Id.",
        Vault.Path);
}
