namespace AzsBackup.Emulator.Blobs.Store;

/// <summary>A lease as it was taken; all that has to be known of it to say where it stands at any time.</summary>
/// <param name="Id">Who holds it; null: nobody.</param>
/// <param name="Duration">Null: without end.</param>
/// <param name="Expiry">When it ends unless it is renewed.</param>
/// <param name="BrokenAt">When it is broken, if it was asked to be.</param>
internal sealed record LeaseTerms(string? Id, TimeSpan? Duration, DateTimeOffset? Expiry, DateTimeOffset? BrokenAt)
{
    public static LeaseTerms None { get; } = new(null, null, null, null);
}
