using System.Management.Automation;
namespace AzsBackup.Commands;
[Cmdlet(VerbsCommon.Get, "AzsStack")]
public sealed class GetAzsStackCommand : PSCmdlet
{
    [Parameter] public AzsBackup.Engine.Stacks.ResourceId? X { get; set; }
    protected override void ProcessRecord() { var i = AzsBackup.Engine.Stacks.ResourceId.Parse("/subscriptions/a"); WriteObject(i.ToString()); WriteObject(System.Runtime.Loader.AssemblyLoadContext.GetLoadContext(i.GetType().Assembly)!.ToString()); AzsBackup.Engine.Stacks.IStack? st = null; _ = st?.Connection; }
}
