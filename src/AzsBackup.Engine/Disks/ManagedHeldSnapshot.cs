using System.Globalization;
using System.Text.Json.Nodes;
using AzsBackup.Engine.Stacks;

namespace AzsBackup.Engine.Disks;

/// <summary>A snapshot resource of a managed disk.</summary>
internal sealed class ManagedHeldSnapshot(
    IStack stack, ResourceId snapshot, VmDisk disk, string location, IReadOnlyDictionary<string, string> tags, TimeSpan grantDuration, TimeProvider clock)
    : HeldSnapshot
{
    private readonly ManagedSnapshotAccess _access = new(stack, snapshot, grantDuration, clock);
    private bool _asked;
    private KeptSnapshot? _reference;

    public override string Description => $"snapshot {_access.Snapshot}";

    public override KeptSnapshot? Reference => _reference;

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
        var made = await stack.Resources.PutAsync(_access.Snapshot, body, cancellationToken).ConfigureAwait(false);
        var text = made.FindText("properties", "timeCreated");
        if (text is not null) _reference = new KeptSnapshot(_access.Snapshot.ToString(), text);
        var madeAt = DateTime.TryParse(
            text, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal | DateTimeStyles.AssumeUniversal, out var time)
            ? time
            : (DateTime?)null;
        return (_access.OpenReader(), madeAt);
    }

    public override Task RevokeAsync(CancellationToken cancellationToken) => _access.RevokeAsync(cancellationToken);

    public override Task ReleaseAsync(CancellationToken cancellationToken) =>
        _asked ? _access.DeleteAsync(cancellationToken) : Task.CompletedTask;

    public override void Dispose()
    {
        _access.Dispose();
        base.Dispose();
    }
}
