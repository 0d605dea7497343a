using System.Management.Automation;
using AzsBackup.Engine.Disks;
using AzsBackup.Engine.Stacks;
using AzsBackup.Model;
using AzsBackup.Pipeline;
using AzsBackup.Sessions;

namespace AzsBackup.Input;

/// <summary>The base of the long commands that take virtual machines: by id, by group and name, or as objects of other modules.</summary>
public abstract class VmCmdlet : JobCmdlet
{
    private readonly List<ResourceId> _scopes = [];
    private IStack? _connection;

    [Parameter(
        ValueFromPipeline = true,
        ValueFromPipelineByPropertyName = true,
        HelpMessage = "The Resource Manager id of a virtual machine; of a resource group or subscription for all of theirs.")]
    [Alias("Id")]
    public string? ResourceId { get; set; }

    [Parameter(ValueFromPipelineByPropertyName = true, HelpMessage = "The resource group; all its virtual machines if no name is given.")]
    public string? ResourceGroupName { get; set; }

    [Parameter(ValueFromPipelineByPropertyName = true, HelpMessage = "The name of the virtual machine.")]
    [Alias("VMName")]
    public string? Name { get; set; }

    [Parameter(ValueFromPipelineByPropertyName = true, HelpMessage = "The subscription; the connection's own by default. Alone, all its virtual machines.")]
    public string? SubscriptionId { get; set; }

    [Parameter(HelpMessage = "How many virtual machines are worked on at once.")]
    [ValidateRange(1, 64)]
    public int ThrottleLimit { get; set; } = 4;

    /// <summary>The stack the virtual machines run on, as the user chose it.</summary>
    private protected abstract AzsStackConnection? ChosenStack { get; }

    /// <summary>What the current input names; to be read in <see cref="AsyncCmdlet.Prepare"/>.</summary>
    private protected VmReference Vm => new(ResourceId, ResourceGroupName, Name, SubscriptionId);

    /// <summary>The stack the virtual machines run on.</summary>
    private protected IStack Connection => _connection ??= StackSessions.OfProcess.Resolve(ChosenStack);

    /// <inheritdoc/>
    protected override void Prepare() => _scopes.Add(Vm.ToScope(Connection.Connection.SubscriptionId));

    /// <summary>Finds the virtual machines given, each once; a scope that can't be listed is reported alone.</summary>
    private protected async Task<IReadOnlyList<ResourceId>> ListVmsAsync(CommandOutput output, CancellationToken cancellationToken)
    {
        var vms = new List<ResourceId>();
        foreach (var scope in _scopes)
        {
            await output.TryItemAsync(
                scope.ToString(),
                async cancelled => vms.AddRange(await VmScope.ListAsync(Connection, scope, cancelled).ConfigureAwait(false)),
                cancellationToken).ConfigureAwait(false);
        }

        return vms.Distinct().Where(Takes).ToList();
    }

    /// <summary>Whether a virtual machine that was given is this command's to work on.</summary>
    private protected virtual bool Takes(ResourceId vm) => true;

    /// <summary>Does the work for each of the virtual machines given, each once, several at a time; one that fails is reported alone.</summary>
    private protected async Task ForEachVmAsync(
        CommandOutput output, Func<ResourceId, CommandOutput, CancellationToken, Task> work, CancellationToken cancellationToken)
    {
        var vms = await ListVmsAsync(output, cancellationToken).ConfigureAwait(false);
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = ThrottleLimit, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(vms, parallel, async (vm, cancelled) =>
            await output.TryItemAsync(vm.ToString(), stop => work(vm, output, stop), cancelled).ConfigureAwait(false)).ConfigureAwait(false);
    }

    private protected static string DiskCount(int disks) => disks == 1 ? "1 disk" : $"{disks} disks";
}
