using AzsBackup.Engine.Configuration;

namespace AzsBackup.Engine.Deployment;

/// <summary>Where in a body a walk is.</summary>
internal readonly record struct FormPlace(
    string Path,
    PropertyPathNode? Writable,
    PropertyPathNode? Shown,
    PropertyPathNode? References,
    PropertyPathNode? AccountReferences,
    PropertyPathNode? Principals,
    PropertyPathNode? Tenants,
    PropertyPathNode? Names)
{
    public bool IsReference => References is { EndsHere: true };

    /// <summary>Whether the value here is only shown by a service.</summary>
    public bool IsShown => Shown is { } shown && (shown.EndsHere || shown.HasEverything || shown.Item() is { EndsHere: true });

    /// <summary>Whether only an id may be said here, whatever else a service shows with it.</summary>
    public bool IsReferenceHolder => References?.Property("id") is { EndsHere: true };

    public static FormPlace Top(TypeForm form) => new(
        "", form.Writable.Root, form.Shown.Root, form.References.Root, form.AccountReferences.Root, form.Principals.Root, form.Tenants.Root, form.Names.Root);

    public FormPlace Property(string name) => new(
        Path.Length == 0 ? name : $"{Path}.{name}",
        Writable?.Property(name),
        Shown?.Property(name),
        References?.Property(name),
        AccountReferences?.Property(name),
        Principals?.Property(name),
        Tenants?.Property(name),
        Names?.Property(name));

    public FormPlace Item() => new(
        Path + PropertyPath.Items, Writable?.Item(), Shown?.Item(), References?.Item(), AccountReferences?.Item(), Principals?.Item(), Tenants?.Item(), Names?.Item());
}
