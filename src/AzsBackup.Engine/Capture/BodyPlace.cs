using AzsBackup.Engine.Configuration;

namespace AzsBackup.Engine.Capture;

/// <summary>Where in a body a walk is, as each rule sees it.</summary>
internal readonly record struct BodyPlace(
    PropertyPathNode? Volatile,
    PropertyPathNode? Secrets,
    PropertyPathNode? Settings,
    PropertyPathNode? FreeForm,
    PropertyPathNode? BackReferences,
    PropertyPathNode? Sets)
{
    /// <summary>Whether names here are somebody's own: below tags, or in a document of another form.</summary>
    public bool IsFree { get; init; }

    /// <summary>The top of a body.</summary>
    public static BodyPlace Top(BodyRules rules) => new(
        rules.Volatile.Root, rules.Secrets.Root, rules.Settings.Root, rules.FreeForm.Root, rules.BackReferences.Root, rules.Sets.Root);

    /// <summary>The place of a property.</summary>
    public BodyPlace Property(string name)
    {
        var freeForm = FreeForm?.Property(name);
        return new BodyPlace(
            Volatile?.Property(name), Secrets?.Property(name), Settings?.Property(name), freeForm, BackReferences?.Property(name), Sets?.Property(name))
        {
            IsFree = IsFree || freeForm is { EndsHere: true } || name.Equals("tags", StringComparison.OrdinalIgnoreCase),
        };
    }

    /// <summary>The place of an array's items.</summary>
    public BodyPlace Item() => new(Volatile?.Item(), Secrets?.Item(), Settings?.Item(), FreeForm?.Item(), BackReferences?.Item(), Sets?.Item())
    {
        IsFree = IsFree,
    };
}
