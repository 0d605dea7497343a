using AzsBackup.Emulator.Persistence;

namespace AzsBackup.Emulator.Arm;

/// <summary>
/// Keeps resources and resource groups, so that they survive a restart: bodies, states and what rooms keep beside them, found by comparing
/// all of them with what was kept last. Used only while the gate is held.
/// </summary>
/// <remarks>
/// For who writes a room: bodies are kept whatever is changed in them, during a request, by an operation or in another resource. What
/// <see cref="ArmResource.State"/> holds must be a string, a byte[][] or a class or record of this assembly that System.Text.Json can write
/// and read back (public constructor and properties; a PageVolume in it is kept). Fields of a room itself are not kept: derive them from
/// the resources, or set them again in <see cref="ResourceRoom.AfterRestart"/>.
/// </remarks>
internal sealed class ResourceFacts(StateDatabase? database, ResourceStore resources)
{
    private readonly FactMirror<ResourceRecord> _resources = new(database, "resource");
    private readonly FactMirror<ResourceGroupRecord> _groups = new(database, "resource group");
    private long _savedVersion = -1;

    /// <param name="mayHaveChanged">Whether there may be changes that the store's version does not tell of.</param>
    public void Save(bool mayHaveChanged)
    {
        if (database is null || (!mayHaveChanged && _savedVersion == resources.Version))
            return;
        _resources.Save(resources.Unordered.Select(resource => KeyValuePair.Create(resource.Id.Text, new ResourceRecord(
            resource.Id.Text, resource.Body, resource.CreatedAt, resource.ProvisioningState, RoomState.Of(resource.State, database.Json)))));
        _groups.Save(resources.Groups.Select(group => KeyValuePair.Create(group.Name, new ResourceGroupRecord(
            group.Id, group.Name, group.Location, group.Tags, group.ProvisioningState))));
        _savedVersion = resources.Version;
    }

    /// <summary>Puts everything back that was kept.</summary>
    /// <param name="rewrite">Applied to what was kept before it is read.</param>
    /// <exception cref="IOException">A fact cannot be read back.</exception>
    public void Restore(Func<string, string> rewrite)
    {
        if (database is null)
            return;
        foreach ((_, ResourceGroupRecord record) in _groups.Load(rewrite))
            resources.Put(new ResourceGroup(record.Id, record.Name, record.Location) { Tags = record.Tags, ProvisioningState = record.ProvisioningState });
        foreach ((_, ResourceRecord record) in _resources.Load(rewrite))
        {
            resources.Put(new ArmResource(ArmId.Parse(record.Id), record.Body, record.CreatedAt)
            {
                ProvisioningState = record.ProvisioningState,
                State = record.State?.Make(database.Json),
            });
        }
    }
}
