namespace AzsBackup.Engine.Capture;

/// <summary>The recorded configuration of one VM.</summary>
/// <param name="Documents">The documents, by their path in a capture.</param>
/// <param name="Missing">The ARM ids of what belongs to it and could not be read; the VM's own with <c>/extensions</c> for those.</param>
public sealed record VmConfig(IReadOnlyDictionary<string, ReadOnlyMemory<byte>> Documents, IReadOnlyList<string> Missing)
{
    /// <summary>Nothing was asked for yet.</summary>
    public static VmConfig Nothing { get; } = new(new Dictionary<string, ReadOnlyMemory<byte>>(), []);
}
