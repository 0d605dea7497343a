using System.Text.Json;
using AzsBackup.Engine.Configuration;
using AzsBackup.Engine.Disks;
using AzsBackup.Engine.Running;
using AzsBackup.Engine.Stacks;
using AzsBackup.Model;

namespace AzsBackup.Engine.Capture;

/// <summary>Gathers the configuration needed to rebuild one VM elsewhere: its own, its NICs', and what those refer to.</summary>
/// <param name="resources">The stack's Resource Manager.</param>
/// <param name="log">Told what could not be read.</param>
public sealed class VmConfigCollector(IResourceClient resources, IRunLog log)
{
    private const string NicType = "Microsoft.Network/networkInterfaces";

    private static readonly HashSet<string> Needed = new(StringComparer.OrdinalIgnoreCase)
    {
        NicType, "Microsoft.Compute/availabilitySets", "Microsoft.Compute/disks", "Microsoft.Network/loadBalancers",
        "Microsoft.Network/networkSecurityGroups", "Microsoft.Network/publicIPAddresses", "Microsoft.Network/routeTables",
        "Microsoft.Network/virtualNetworks",
    };

    /// <summary>
    /// Gathers it. What could not be read is warned of and named in the result. What a referred resource refers to in turn is followed from the VM and its
    /// NICs only: a network knows every NIC in it, and those are not this VM's.
    /// </summary>
    public async Task<VmConfig> CollectAsync(ResourceBody vm, CancellationToken cancellationToken)
    {
        var documents = new SortedDictionary<string, ReadOnlyMemory<byte>>(StringComparer.Ordinal);
        var missing = new List<string>();
        var document = new ResourceDocument(ResourceTypeTable.Default, new IdSpelling(ResourceTypeTable.Default));
        Add(vm);
        var children = resources.ListAsync($"{vm.Id}/extensions", $"{VmScope.VmType}/extensions", cancellationToken);
        try
        {
            await foreach (var extension in children.ConfigureAwait(false)) Add(extension);
        }
        catch (AzsException failure)
        {
            missing.Add($"{vm.Id}/extensions");
            log.Warning($"The extensions of VM '{vm.Id.Name}' could not be listed and are missing from its recorded configuration: {SecretRedaction.Redact(failure.Message)}");
        }

        var waiting = new Queue<ResourceId>(References(vm.Json));
        var seen = new HashSet<ResourceId> { vm.Id };
        while (waiting.TryDequeue(out var id))
        {
            if (!Needed.Contains(id.Type) || !seen.Add(id)) continue;
            try
            {
                var body = await resources.GetAsync(id, cancellationToken).ConfigureAwait(false);
                Add(body);
                if (!id.IsOfType(NicType)) continue;
                foreach (var next in References(body.Json)) waiting.Enqueue(next);
            }
            catch (AzsException failure)
            {
                missing.Add(id.ToString());
                log.Warning($"'{id}' could not be read and is missing from the recorded configuration of VM '{vm.Id.Name}': {SecretRedaction.Redact(failure.Message)}");
            }
        }

        return new VmConfig(documents, missing);

        void Add(ResourceBody body) => documents[CapturePath.For(body.Id)] = document.Write(body);
    }

    // A reference to a child (a subnet, a back-end pool) needs the top-level resource it is part of.
    private static IEnumerable<ResourceId> References(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => value.EnumerateObject().SelectMany(property => References(property.Value)),
        JsonValueKind.Array => value.EnumerateArray().SelectMany(References),
        JsonValueKind.String when ResourceId.TryParse(value.GetString(), out var id) => [TopLevel(id)],
        _ => [],
    };

    private static ResourceId TopLevel(ResourceId id)
    {
        while (id.Parent is { } parent) id = parent;
        return id;
    }
}
