using System.Text.Json.Nodes;
using AzsBackup.Engine.Capture;
using AzsBackup.Engine.Configuration;
using AzsBackup.Engine.Stacks;
using AzsBackup.Model;

namespace AzsBackup.Engine.Deployment;

/// <summary>Makes a deployment of a capture, without a stack. What can't be deployed is noted with its reason.</summary>
public sealed class DeploymentPlanner
{
    private const string Network = "Microsoft.Network/virtualNetworks";
    private static readonly JsonNodeOptions AnyCase = new() { PropertyNameCaseInsensitive = true };

    private readonly List<DeploymentNote> _notes = [];
    private readonly ParameterNames _parameters = new();
    private readonly VirtualMachineDisks _disks;
    private readonly KnownResources _known;
    private readonly DeploymentLimits _limits;
    private readonly StampMap _map;

    internal DeploymentPlanner(DeploymentOptions options, DeploymentLimits limits)
    {
        _limits = limits;
        _map = options.StampMap;
        _disks = new VirtualMachineDisks(options.VmMode, _notes);
        _known = new KnownResources(_parameters, _disks, options.StampMap);
    }

    /// <summary>Makes it.</summary>
    /// <param name="capture">The capture.</param>
    /// <param name="options">How.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <exception cref="AzsException">The capture can't be read, or <c>DeploymentCycle</c>: resources in it need each other.</exception>
    public static Task<DeploymentPlan> PlanAsync(CaptureContent capture, DeploymentOptions options, CancellationToken cancellationToken) =>
        new DeploymentPlanner(options, new DeploymentLimits()).MakeAsync(capture, cancellationToken);

    internal async Task<DeploymentPlan> MakeAsync(CaptureContent capture, CancellationToken cancellationToken)
    {
        var bodies = new List<CapturedBody>();
        foreach (var entry in capture.Entries)
        {
            if (await ReadAsync(capture, entry, cancellationToken).ConfigureAwait(false) is { } body) bodies.Add(body);
        }

        foreach (var machine in bodies.Where(body => body.IsOfType("Microsoft.Compute/virtualMachines"))) _disks.Prepare(machine);
        bodies = [.. bodies.Where(IsMadeHere).SelectMany(WithPeerings)];
        foreach (var body in bodies) _known.Add(body);
        var home = DeploymentHome.Of(bodies, _parameters, _map);
        var resources = bodies.OrderBy(body => body.Id.ToString(), StringComparer.OrdinalIgnoreCase).Select(body => Make(body, home)).ToList();
        LocksLast(resources);
        var pieces = DeploymentOrder.Sort(resources).SelectMany(step => _limits.Cut(step.Resources).Select(piece => (step.Group, Resources: piece)));
        var parts = pieces.Select((piece, index) => new DeploymentPart(index + 1, piece.Group, piece.Resources)).ToList();
        return new DeploymentPlan(capture.Stack, parts, [.. _notes.OrderBy(note => note.ResourceId, StringComparer.OrdinalIgnoreCase).ThenBy(note => note.Path, StringComparer.Ordinal).Distinct()]);
    }

    private async Task<CapturedBody?> ReadAsync(CaptureContent capture, CaptureEntry entry, CancellationToken cancellationToken)
    {
        var type = ResourceTypeTable.Default.Find(entry.Type);
        var json = await capture.FindBodyAsync(entry, cancellationToken).ConfigureAwait(false);
        var reason = json is null || !ResourceId.TryParse(entry.Id, out _) ? $"The capture has none of it: {entry.Reason ?? entry.Status.ToString()}."
            : type is not { CanDeploy: true } ? $"There is no deployable form for {entry.Type} yet."
            : IsOfZone(entry) ? "The zone makes it." : null;
        if (reason is not null)
        {
            _notes.Add(new DeploymentNote(entry.Id, null, DeploymentNoteKind.ResourceLeftOut, reason));
            return null;
        }

        var body = new CapturedBody(ResourceId.Parse(entry.Id), type!, JsonObject.Create(json!.Value, AnyCase)!);
        SecretsToAsk.Mark(body);
        return body;
    }

    // The records at a zone's top that say whose zone it is.
    private static bool IsOfZone(CaptureEntry entry) =>
        entry.Type.Equals("Microsoft.Network/dnsZones/SOA", StringComparison.OrdinalIgnoreCase)
        || (entry.Type.Equals("Microsoft.Network/dnsZones/NS", StringComparison.OrdinalIgnoreCase) && entry.Id.EndsWith("/@", StringComparison.Ordinal));

    private bool IsMadeHere(CapturedBody body)
    {
        if (!body.IsOfType("Microsoft.Compute/disks")) return true;
        if (_disks.MakerOf(body.Id.ToString()) is { } maker)
        {
            _notes.Add(new DeploymentNote(body.Id.ToString(), null, DeploymentNoteKind.MadeWithAnother, $"The machine '{maker.Name}' makes it from its image; tags of its own are not brought back."));
            return false;
        }

        return !_disks.IsNeeded(body.Id.ToString());
    }

    // Two networks that peer need each other only in their peerings.
    private static IEnumerable<CapturedBody> WithPeerings(CapturedBody body)
    {
        yield return body;
        if (!body.IsOfType(Network) || body.Properties is not { } properties || properties["virtualNetworkPeerings"] is not JsonArray peerings) yield break;
        properties.Remove("virtualNetworkPeerings");
        foreach (var peering in peerings.OfType<JsonObject>().ToList())
        {
            if (CapturedBody.TextAt(peering, "name") is not { } name) continue;
            yield return new CapturedBody(body.Id.Child("virtualNetworkPeerings", name), ResourceTypeTable.Default.Find($"{Network}/virtualNetworkPeerings")!, peering);
        }
    }

    private DeploymentResource Make(CapturedBody body, DeploymentHome home)
    {
        var form = new BodyForm(body, _known, _parameters, home, _notes);
        var made = form.Make();
        if (body.Id.Parent is { } parent && _known.TryFind(parent, out var owner)) form.Need(owner);
        return new DeploymentResource
        {
            Id = body.Id,
            ApiVersion = body.Type.ApiVersion,
            Names = _known.NamesOf(body.Id),
            OwnerNames = body.Id.IsExtension ? _known.NamesOf(body.Id.Parent!) : [],
            Body = made,
            DependsOn = [.. form.Needs],
            Phase = PhaseOf(body),
        };
    }

    private static DeploymentPhase PhaseOf(CapturedBody body) => body.Type.Level switch
    {
        ResourceLevel.Subscription => DeploymentPhase.Foundation,
        ResourceLevel.Extension => DeploymentPhase.Access,
        _ => DeploymentPhase.Resources,
    };

    // A lock could be in the way of an assignment in the same template.
    private static void LocksLast(List<DeploymentResource> resources)
    {
        const string Lock = "Microsoft.Authorization/locks";
        for (var i = 0; i < resources.Count; i++)
        {
            var resource = resources[i];
            if (!resource.Id.IsOfType(Lock)) continue;
            var before = resources.Where(other => other.Phase == DeploymentPhase.Access && !other.Id.IsOfType(Lock) && IsSameGroup(other.Id, resource.Id)).Select(other => other.Id);
            resources[i] = resource with { DependsOn = [.. resource.DependsOn.Union(before)] };
        }
    }

    private static bool IsSameGroup(ResourceId one, ResourceId other) => string.Equals(one.ResourceGroupName, other.ResourceGroupName, StringComparison.OrdinalIgnoreCase);
}
