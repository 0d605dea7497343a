using System.Text.Json.Nodes;
using AzsBackup.Engine.Running;
using AzsBackup.Engine.Stacks;
using AzsBackup.Model;

namespace AzsBackup.Engine.Rebuild;

/// <summary>Installs captured extensions on a VM that was made anew, but for those that run scripts.</summary>
internal sealed class VmExtensions(IStack stack, IRunLog log)
{
    // What they do to the guest they did already; done again, it may do harm.
    private static readonly string[] Scripts = ["CustomScript", "CustomScriptExtension", "CustomScriptForLinux", "DSC", "DSCForLinux", "RunCommandLinux", "RunCommandWindows"];

    /// <summary>The extensions to install on a VM, in order.</summary>
    /// <param name="vm">The VM they were captured with.</param>
    /// <param name="machine">The VM they go to.</param>
    /// <param name="differ">Told what will not be as it was.</param>
    public IReadOnlyList<RebuildStep> Plan(CapturedVm vm, ResourceId machine, Action<string> differ)
    {
        var steps = new List<RebuildStep>();
        foreach (var extension in vm.Extensions)
        {
            if (Scripts.Contains(extension.FindText("properties", "type") ?? "", StringComparer.OrdinalIgnoreCase))
            {
                differ($"Extension '{extension.Id.Name}' runs a script, which ran already: it is not installed again.");
                continue;
            }

            var properties = new JsonObject();
            BodyJson.Copy(extension.Find("properties")!.Value, properties, "publisher", "type", "typeHandlerVersion", "autoUpgradeMinorVersion", "settings");
            var body = BodyJson.Begin(extension, stack.Connection.Location);
            body["properties"] = properties;
            steps.Add(new RebuildStep(machine.Child("extensions", extension.Id.Name), body));
            differ($"Extension '{extension.Id.Name}' is installed without its protected settings, which nobody can read.");
        }

        return steps;
    }

    /// <summary>Installs them. The guest runs by now: one that fails is told of and costs nobody the VM.</summary>
    public async Task InstallAsync(IEnumerable<RebuildStep> steps, CancellationToken cancellationToken)
    {
        foreach (var step in steps)
        {
            try
            {
                await stack.Resources.PutAsync(step.Id, step.Body.DeepClone().AsObject(), cancellationToken).ConfigureAwait(false);
            }
            catch (AzsException failure)
            {
                log.Warning($"Extension '{step.Id.Name}' of VM '{step.Id.Parent!.Name}' could not be installed: {failure.Message}");
            }
        }
    }
}
