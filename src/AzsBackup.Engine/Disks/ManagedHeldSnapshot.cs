using System.Globalization;
using System.Text.Json.Nodes;
using AzsBackup.Engine.Stacks;
using AzsBackup.Model;

namespace AzsBackup.Engine.Disks;

/// <summary>A snapshot resource of a managed disk.</summary>
internal sealed class ManagedHeldSnapshot(
    IStack stack, ResourceId snapshot, VmDisk disk, string location, IReadOnlyDictionary<string, string> tags, TimeSpan grantDuration)
    : HeldSnapshot
{
    private readonly SnapshotGrant _grant = new(stack.Resources, snapshot, grantDuration);
    private bool _asked;

    public override string Description => $"snapshot {snapshot}";

    public override async Task<(IPageBlobReader Reader, DateTime? MadeAt)> MakeAsync(CancellationToken cancellationToken)
    {
        // No "incremental": a stamp refuses it.
        var body = new JsonObject
        {
            ["location"] = location,
            ["sku"] = new JsonObject { ["name"] = "Standard_LRS" },
            ["tags"] = new JsonObject(tags.Select(tag => KeyValuePair.Create(tag.Key, (JsonNode?)tag.Value))),
            ["properties"] = new JsonObject
            {
                ["creationData"] = new JsonObject
                {
                    ["createOption"] = "Copy",
                    ["sourceResourceId"] = disk.ManagedDisk!.ToString(),
                },
            },
        };
        _asked = true;
        var made = await stack.Resources.PutAsync(snapshot, body, cancellationToken).ConfigureAwait(false);
        var madeAt = DateTime.TryParse(
            made.FindText("properties", "timeCreated"),
            CultureInfo.InvariantCulture,
            DateTimeStyles.AdjustToUniversal | DateTimeStyles.AssumeUniversal,
            out var time)
            ? time
            : (DateTime?)null;
        return (stack.OpenGrantedDisk(_grant), madeAt);
    }

    public override async Task ReleaseAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (_grant.Granted)
            {
                await stack.Resources.PostAsync(snapshot, "endGetAccess", null, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (AzsException) when (_asked)
        {
            // Deleting tells more: if access is still granted, the stack refuses it, and that is what the user must know.
        }

        if (_asked) await stack.Resources.DeleteAsync(snapshot, cancellationToken).ConfigureAwait(false);
    }

    public override void Dispose()
    {
        _grant.Dispose();
        base.Dispose();
    }
}
