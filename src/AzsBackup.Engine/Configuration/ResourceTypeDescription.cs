using System.Text.Json;

namespace AzsBackup.Engine.Configuration;

/// <summary>What <see cref="ResourceTypeTable"/> knows of one resource type. Paths are in the form of <see cref="PropertyPath"/>.</summary>
public sealed record ResourceTypeDescription
{
    /// <summary>The type, spelled as the specification does.</summary>
    public required string Type { get; init; }

    /// <summary>Types that are this one by other names: <c>dnsZones/A</c> and its siblings are record sets.</summary>
    public IReadOnlyList<string> Aliases { get; init; } = [];

    /// <summary>The api-version whose shape is described: that of profile 2020-09-01-hybrid.</summary>
    public required string ApiVersion { get; init; }

    /// <summary>The specification's file and PUT model; null if none was at hand.</summary>
    public string? Source { get; init; }

    /// <summary>How it is had.</summary>
    public required ResourceListing List { get; init; }

    /// <summary>Where it lies.</summary>
    public required ResourceLevel Level { get; init; }

    /// <summary>The highest level at which a list is specified, for <see cref="ResourceLevel.Group"/>.</summary>
    public ResourceLevel ListScope { get; init; } = ResourceLevel.Subscription;

    /// <summary>Collections below it that are listed by themselves, for example <c>extensions</c>.</summary>
    public IReadOnlyList<string> Children { get; init; } = [];

    /// <summary>Collections below it that are part of its body, for example <c>subnets</c>.</summary>
    public IReadOnlyList<string> Inline { get; init; } = [];

    /// <summary>Extension types that are listed on each resource of this type.</summary>
    public IReadOnlyList<string> Extensions { get; init; } = [];

    /// <summary>Only resources with these values are a tenant's own; the others come with the stack.</summary>
    public IReadOnlyDictionary<string, string> Keep { get; init; } = new Dictionary<string, string>();

    /// <summary>What a PUT takes. Empty for a type that is captured raw and not deployed.</summary>
    public IReadOnlyList<string> Writable { get; init; } = [];

    /// <summary>What only a GET shows.</summary>
    public ReadOnlyProperties ReadOnly { get; init; } = ReadOnlyProperties.None;

    /// <summary>What changes without anybody changing the resource, beside <see cref="ResourceTypeTable.Volatile"/>.</summary>
    public IReadOnlyList<string> Volatile { get; init; } = [];

    /// <summary>Values that are secrets as a whole.</summary>
    public IReadOnlyList<string> Secrets { get; init; } = [];

    /// <summary>Free maps or lists of settings: names are kept, values may be secrets.</summary>
    public IReadOnlyList<string> Settings { get; init; } = [];

    /// <summary>Documents of somebody else's form, in which no property name means what it means in a resource.</summary>
    public IReadOnlyList<string> FreeForm { get; init; } = [];

    /// <summary>Ids of other resources, or of parts of them or of itself: what it needs.</summary>
    public IReadOnlyList<string> References { get; init; } = [];

    /// <summary>Blob addresses; the storage account they name is needed.</summary>
    public IReadOnlyList<string> AccountReferences { get; init; } = [];

    /// <summary>Ids of users, groups and applications in a directory.</summary>
    public IReadOnlyList<string> Principals { get; init; } = [];

    /// <summary>Ids of directories.</summary>
    public IReadOnlyList<string> Tenants { get; init; } = [];

    /// <summary>What refers to this resource, shown by the service: to be taken out before dependencies are drawn.</summary>
    public IReadOnlyList<string> BackReferences { get; init; } = [];

    /// <summary>Arrays whose order means nothing, with the properties of an item that order them; none: the whole item does.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Sets { get; init; } = new Dictionary<string, IReadOnlyList<string>>();

    /// <summary>What the service fills in where a PUT says nothing.</summary>
    public IReadOnlyDictionary<string, JsonElement> Defaults { get; init; } = new Dictionary<string, JsonElement>();

    /// <summary>Values that must be unique beyond the subscription, so that a copy elsewhere needs others; <c>name</c> is the resource's own.</summary>
    public IReadOnlyList<string> NameParameters { get; init; } = [];

    /// <summary>Whether it can be written as something that deploys.</summary>
    public bool CanDeploy => Writable.Count > 0;
}
