using System.Management.Automation;
using AzsBackup.Pipeline;

namespace AzsBackup.Input;

/// <summary>The base of the long commands that take virtual machines: by id, by group and name, or as objects of other modules.</summary>
public abstract class VmCmdlet : JobCmdlet
{
    [Parameter(
        ValueFromPipeline = true,
        ValueFromPipelineByPropertyName = true,
        HelpMessage = "The Resource Manager id of the virtual machine.")]
    [Alias("Id")]
    public string? ResourceId { get; set; }

    [Parameter(ValueFromPipelineByPropertyName = true, HelpMessage = "The resource group of the virtual machine.")]
    public string? ResourceGroupName { get; set; }

    [Parameter(ValueFromPipelineByPropertyName = true, HelpMessage = "The name of the virtual machine.")]
    [Alias("VMName")]
    public string? Name { get; set; }

    [Parameter(ValueFromPipelineByPropertyName = true, HelpMessage = "The subscription of the virtual machine; the connection's own by default.")]
    public string? SubscriptionId { get; set; }

    /// <summary>The virtual machine named by the current input; to be read in <see cref="AsyncCmdlet.Prepare"/>.</summary>
    private protected VmReference Vm => new(ResourceId, ResourceGroupName, Name, SubscriptionId);
}
