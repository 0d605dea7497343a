namespace AzsBackup.Engine.Deployment;

/// <summary>
/// What Resource Manager takes in one template (learn.microsoft.com/azure/azure-resource-manager/templates/best-practices): 800
/// resources, 256 parameters, 4 MB, of which some is left for the values of parameters.
/// </summary>
/// <param name="Resources">The most resources.</param>
/// <param name="Parameters">The most parameters.</param>
/// <param name="Characters">The most characters of all resources together.</param>
internal sealed record DeploymentLimits(int Resources = 800, int Parameters = 256, int Characters = 3_000_000)
{
    /// <summary>Cuts resources, in their order, so that each piece is below the limits.</summary>
    public IEnumerable<IReadOnlyList<DeploymentResource>> Cut(IReadOnlyList<DeploymentResource> resources)
    {
        var piece = new List<DeploymentResource>();
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var length = 0;
        foreach (var resource in resources)
        {
            var own = resource.Parameters.Select(parameter => parameter.Name).ToList();
            var size = ArmTemplate.WriteResource(resource, []).ToJsonString().Length;
            var isFull = piece.Count + 1 > Resources || names.Union(own, StringComparer.OrdinalIgnoreCase).Count() > Parameters || length + size > Characters;
            if (piece.Count > 0 && isFull)
            {
                yield return piece;
                (piece, length) = ([], 0);
                names.Clear();
            }

            piece.Add(resource);
            names.UnionWith(own);
            length += size;
        }

        if (piece.Count > 0) yield return piece;
    }
}
