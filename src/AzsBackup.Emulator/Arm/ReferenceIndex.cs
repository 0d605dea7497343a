namespace AzsBackup.Emulator.Arm;

/// <summary>Who names whom: for each id that stands anywhere in a body, the resources whose bodies hold it.</summary>
/// <remarks>Rebuilt when the resources have changed since it was last asked, so back-references can never disagree with the bodies.</remarks>
internal sealed class ReferenceIndex(ResourceStore resources)
{
    private Dictionary<string, List<ArmReference>> _references = new(StringComparer.OrdinalIgnoreCase);
    private long _version = -1;

    /// <summary>References to exactly that id, in the order of the referring resources' ids.</summary>
    public IReadOnlyList<ArmReference> To(string id)
    {
        if (_version != resources.Version)
            Rebuild();
        return _references.TryGetValue(id, out List<ArmReference>? found) ? found : [];
    }

    /// <summary>Resources of a type that refer to that id.</summary>
    public IEnumerable<ArmResource> To(string id, string type) =>
        To(id).Where(reference => reference.From.Id.Is(type)).Select(reference => reference.From).Distinct();

    private void Rebuild()
    {
        _references = new(StringComparer.OrdinalIgnoreCase);
        foreach (ArmResource resource in resources.All)
        {
            foreach (ArmReference reference in ArmReference.In(resource))
            {
                if (!_references.TryGetValue(reference.To, out List<ArmReference>? list))
                    _references[reference.To] = list = [];
                list.Add(reference);
            }
        }

        _version = resources.Version;
    }
}
