using AzsBackup.Model;

namespace AzsBackup.Engine.Policies;

/// <summary>The policies of a vault.</summary>
/// <param name="Policies">Those that can be read, by name.</param>
/// <param name="Damaged">What there is to say of those that can't.</param>
public sealed record PolicyListing(IReadOnlyList<StoredPolicy> Policies, IReadOnlyList<AzsException> Damaged);
