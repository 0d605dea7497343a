namespace AzsBackup.Playground.Tours;

/// <summary>Something that happens in a step of the tour, and shows itself on the stage.</summary>
internal interface ITourAction
{
    /// <summary>Does it.</summary>
    /// <returns>Null if all went well, else what did not, as a sentence.</returns>
    Task<string?> RunAsync(TourStage stage, CancellationToken cancellationToken);
}
