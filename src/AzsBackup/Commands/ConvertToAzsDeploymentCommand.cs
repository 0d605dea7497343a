using System.Management.Automation;
using AzsBackup.Composition;
using AzsBackup.Engine.Capture;
using AzsBackup.Engine.Deployment;
using AzsBackup.Input;
using AzsBackup.Model;
using AzsBackup.Pipeline;

namespace AzsBackup.Commands;

/// <summary>Makes templates of a capture that deploy what was captured.</summary>
[Cmdlet(VerbsData.ConvertTo, "AzsDeployment", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Low)]
[OutputType(typeof(AzsDeploymentFile))]
public sealed class ConvertToAzsDeploymentCommand : AsyncCmdlet
{
    private string _capture = "";
    private string _folder = "";
    private string? _map;

    [Parameter(Mandatory = true, Position = 0, HelpMessage = "The capture's folder, from Export-AzsResourceConfig.")]
    public string Path { get; set; } = "";

    [Parameter(Mandatory = true, Position = 1, HelpMessage = "The folder to write the templates to.")]
    public string Destination { get; set; } = "";

    [Parameter(HelpMessage = "The language of the templates.")]
    public AzsDeploymentForm As { get; set; } = AzsDeploymentForm.ArmTemplate;

    [Parameter(HelpMessage = "Rebuild: VMs get new disks from their images. Attach: they get the disks that are there, for example restored ones.")]
    public AzsVmDeploymentMode VmMode { get; set; } = AzsVmDeploymentMode.Rebuild;

    [Parameter(HelpMessage = "A JSON file that says what is called otherwise where it is deployed.")]
    public string? StampMap { get; set; }

    /// <inheritdoc/>
    protected override void Prepare()
    {
        if (StampMap is not null) _map = SessionPath.Resolve(this, StampMap);
        _capture = SessionPath.Resolve(this, Path);
        _folder = SessionPath.Resolve(this, Destination);
    }

    /// <inheritdoc/>
    protected override async Task ProcessAsync(CommandOutput output, CancellationToken cancellationToken)
    {
        var content = await CaptureContent.OpenFolderAsync(_capture, cancellationToken).ConfigureAwait(false);
        var earlier = await DeploymentFolder.FindEarlierAsync(_folder, cancellationToken).ConfigureAwait(false);
        var options = new DeploymentOptions { VmMode = VmMode, StampMap = await ReadMapAsync(cancellationToken).ConfigureAwait(false) };
        var plan = await DeploymentPlanner.PlanAsync(content, options, cancellationToken).ConfigureAwait(false);
        if (!await output.ShouldProcessAsync(_folder, "Write the deployment", cancellationToken).ConfigureAwait(false)) return;
        var extension = As == AzsDeploymentForm.Bicep ? ".bicep" : ".json";
        var files = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var part in plan.Parts)
        {
            var name = DeploymentManifest.FileOf(part, extension);
            files.Add(name);
            var file = await WriteAsync(name, As == AzsDeploymentForm.Bicep ? BicepFile.Write(part) : ArmTemplate.Write(part), cancellationToken).ConfigureAwait(false);
            await output.WriteAsync(Describe(part, file), cancellationToken).ConfigureAwait(false);
        }

        await WriteAsync(DeploymentManifest.FileName, DeploymentManifest.Write(plan, extension), cancellationToken).ConfigureAwait(false);
        foreach (var gone in earlier.Where(name => !files.Contains(name))) File.Delete(System.IO.Path.Combine(_folder, gone));
        Tell(plan, output);
    }

    private async Task<Engine.Deployment.StampMap> ReadMapAsync(CancellationToken cancellationToken)
    {
        if (_map is null) return Engine.Deployment.StampMap.None;
        try
        {
            return Engine.Deployment.StampMap.Read(await File.ReadAllBytesAsync(_map, cancellationToken).ConfigureAwait(false), _map);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new AzsException(AzsErrorKind.NotFound, "StampMapNotReadable", $"'{_map}' can't be read: {failure.Message}", "Give the path of a stamp map with -StampMap.", _map, failure);
        }
    }

    private Task<FileInfo> WriteAsync(string name, byte[] content, CancellationToken cancellationToken) =>
        OutputFile.WriteAsync(System.IO.Path.Combine(_folder, name), content, cancellationToken);

    private void Tell(DeploymentPlan plan, CommandOutput output)
    {
        var left = plan.Notes.Count(note => note.Kind == DeploymentNoteKind.ResourceLeftOut);
        if (left > 0) output.Log.Warning($"{left} resources of the capture are not in the deployment. '{System.IO.Path.Combine(_folder, DeploymentManifest.FileName)}' names each with the reason.");
        foreach (var note in plan.Notes) output.Log.Verbose($"{note.Kind}: {note.ResourceId} {note.Path}: {note.Reason}");
    }

    private AzsDeploymentFile Describe(DeploymentPart part, FileInfo file) => new()
    {
        Number = part.Number,
        ResourceGroupName = part.ResourceGroupName,
        ResourceCount = part.Resources.Count,
        Form = As,
        SecretsNeeded = [.. part.Parameters.Where(parameter => parameter.IsSecret).Select(parameter => parameter.Name)],
        File = file.FullName,
    };
}
