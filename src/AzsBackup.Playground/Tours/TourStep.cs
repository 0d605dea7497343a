namespace AzsBackup.Playground.Tours;

/// <summary>A part of the tour: what it shows, and what happens in it.</summary>
/// <param name="Title">A few words.</param>
/// <param name="Explanation">Why a user would do this, in a sentence or two.</param>
/// <param name="Actions">What happens, in order; the first that fails ends the tour.</param>
internal sealed record TourStep(string Title, string Explanation, params IReadOnlyList<ITourAction> Actions);
