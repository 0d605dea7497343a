using System.Management.Automation;
using AzsBackup.Input;
using AzsBackup.Model;
using AzsBackup.Pipeline;

namespace AzsBackup.Module.Tests.Cmdlets;

/// <summary>Emits the id of each virtual machine it is given.</summary>
[Cmdlet(VerbsDiagnostic.Resolve, "TestVm")]
public sealed class ResolveTestVmCommand : VmCmdlet
{
    private readonly List<string> _ids = [];

    private protected override AzsStackConnection? ChosenStack => null;

    protected override void Prepare() => _ids.Add(Vm.ToScope("00000000-0000-0000-0000-00000000def0").ToString());

    protected override async Task EndAsync(CommandOutput output, CancellationToken cancellationToken)
    {
        foreach (var id in _ids) await output.WriteAsync(id, cancellationToken).ConfigureAwait(false);
    }
}
