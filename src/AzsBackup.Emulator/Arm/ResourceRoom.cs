using System.Text.Json.Nodes;
using AzsBackup.Emulator.Arm.Operations;

namespace AzsBackup.Emulator.Arm;

/// <summary>
/// The behaviour of one resource type beside the generic core. This class is the behaviour of a type that has none of its
/// own: it keeps what it is given. Rooms override what their type does differently.
/// </summary>
internal class ResourceRoom(StackState stack)
{
    protected StackState Stack { get; } = stack;

    /// <summary>How a PUT or PATCH goes on after its answer.</summary>
    public virtual AsyncStyle WriteStyle => AsyncStyle.None;

    /// <summary>How a DELETE goes on after its answer.</summary>
    public virtual AsyncStyle DeleteStyle => AsyncStyle.None;

    /// <summary>The status of a PUT that makes a resource.</summary>
    public virtual int CreatedStatus => 201;

    /// <summary>The status of a PUT that changes one.</summary>
    public virtual int UpdatedStatus => 200;

    /// <summary>The provisioning state of a resource that is being made; providers differ.</summary>
    public virtual string CreatingState => "Updating";

    /// <summary>Whether the making of a resource answers its body at once; storage answers nothing until it is over, but changes at once.</summary>
    public virtual bool AnswersBody => true;

    /// <summary>Whether the etag in a body is a header of a GET, too; gateways' is not (recorded: az network vnet-gateway show).</summary>
    public virtual bool SendsEtag => true;

    /// <summary>Whether bodies carry <c>properties.provisioningState</c>.</summary>
    public virtual bool HasProvisioningState => true;

    /// <summary>Whether the type needs a location of its own.</summary>
    public virtual bool NeedsLocation => true;

    /// <summary>The provisioning state while an existing resource is being changed.</summary>
    public virtual string UpdatingState => "Updating";

    /// <summary>The segment below <c>locations/{location}</c> where the provider's operations are polled.</summary>
    public virtual string OperationsSegment => "operations";

    /// <summary>The segment where their results lie.</summary>
    public virtual string ResultsSegment => OperationsSegment;

    /// <summary>What the provider's status documents tell.</summary>
    public virtual OperationDetail OperationDetail => OperationDetail.Times;

    /// <summary>Whether answers that start an operation carry <c>Azure-AsyncNotification</c>.</summary>
    public virtual bool AnnouncesNotification => false;

    /// <summary>Checks what is to be written and completes its body. Throws before it changes anything else.</summary>
    public virtual void Write(ResourceWrite write)
    {
    }

    /// <summary>Adds what is derived from other resources or from the room's state to a copy of the body.</summary>
    public virtual void Present(ArmResource resource, JsonObject body, string? expand)
    {
    }

    /// <summary>Takes from a body what the version asked for does not know, or adds what only it shows.</summary>
    public virtual void Shape(JsonObject body, string apiVersion)
    {
    }

    /// <summary>Called when a write is through, its operation over.</summary>
    public virtual void AfterWrite(ArmResource resource)
    {
    }

    /// <summary>Refuses a deletion that must not be.</summary>
    public virtual void BeforeDelete(ArmResource resource)
    {
    }

    /// <summary>Frees what the room kept for a resource that is gone.</summary>
    public virtual void AfterDelete(ArmResource resource)
    {
    }

    /// <summary>Takes up what the room keeps elsewhere of a resource that was there before a restart. Operations that go on are known by then.</summary>
    public virtual void AfterRestart(ArmResource resource)
    {
    }

    /// <summary>Does an action (POST below the resource), or gives <see langword="null"/> if the type has none of that name.</summary>
    public virtual ActionOutcome? Act(ArmResource resource, string action, ArmRequest request) => null;

    /// <summary>A GET below the resource that is no stored child, or <see langword="null"/>.</summary>
    public virtual JsonNode? Read(ArmResource resource, string child, ArmRequest request) => null;
}
