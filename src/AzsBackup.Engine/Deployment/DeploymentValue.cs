using System.Text.Json;
using AzsBackup.Engine.Stacks;

namespace AzsBackup.Engine.Deployment;

/// <summary>A value in a template, before it is written in one of the template languages.</summary>
public abstract record DeploymentValue
{
    private DeploymentValue()
    {
    }

    /// <summary>All values in this one, itself first.</summary>
    public IEnumerable<DeploymentValue> All() => Below().SelectMany(value => value.All()).Prepend(this);

    /// <summary>The values that this one is made of.</summary>
    protected virtual IEnumerable<DeploymentValue> Below() => [];

    /// <summary>A text as it stands.</summary>
    /// <param name="Value">The text.</param>
    public sealed record Text(string Value) : DeploymentValue;

    /// <summary>A number, a truth value or nothing.</summary>
    /// <param name="Value">As the capture spells it.</param>
    public sealed record Scalar(JsonElement Value) : DeploymentValue;

    /// <summary>An object.</summary>
    /// <param name="Members">In the order in which they are written.</param>
    public sealed record Map(IReadOnlyList<KeyValuePair<string, DeploymentValue>> Members) : DeploymentValue
    {
        /// <inheritdoc/>
        protected override IEnumerable<DeploymentValue> Below() => Members.Select(member => member.Value);
    }

    /// <summary>An array.</summary>
    /// <param name="Items">In order.</param>
    public sealed record List(IReadOnlyList<DeploymentValue> Items) : DeploymentValue
    {
        /// <inheritdoc/>
        protected override IEnumerable<DeploymentValue> Below() => Items;
    }

    /// <summary>What whoever deploys says, or the parameter's default.</summary>
    /// <param name="Definition">The parameter.</param>
    public sealed record Parameter(DeploymentParameter Definition) : DeploymentValue;

    /// <summary>The id of a resource in a group of the subscription that is deployed to.</summary>
    /// <param name="Id">As captured.</param>
    /// <param name="Names">The names in the id, from the top; an extension's own names only.</param>
    public sealed record Resource(ResourceId Id, IReadOnlyList<DeploymentValue> Names) : DeploymentValue
    {
        /// <inheritdoc/>
        protected override IEnumerable<DeploymentValue> Below() => Names;
    }

    /// <summary>An id at the level of the subscription that is deployed to, or of one of its groups.</summary>
    /// <param name="Tail">What follows the subscription's own id; empty or beginning with a slash.</param>
    public sealed record InSubscription(string Tail) : DeploymentValue;

    /// <summary>The address of something in a storage account's blob service.</summary>
    /// <param name="Account">The account.</param>
    /// <param name="ApiVersion">The version to ask the account's address with.</param>
    /// <param name="Path">What follows the service's address, which ends with a slash.</param>
    public sealed record BlobAddress(Resource Account, string ApiVersion, string Path) : DeploymentValue
    {
        /// <inheritdoc/>
        protected override IEnumerable<DeploymentValue> Below() => [Account];
    }

    /// <summary>Where the group lies, or the deployment at subscription level.</summary>
    public sealed record ScopeLocation : DeploymentValue;

    /// <summary>The directory of the subscription that is deployed to.</summary>
    public sealed record Directory : DeploymentValue;
}
