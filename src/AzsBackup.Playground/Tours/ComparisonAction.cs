using AzsBackup.Playground.Hosting;

namespace AzsBackup.Playground.Tours;

/// <summary>Compares disks byte for byte, by the SHA-256 of all their bytes, without any part of the module.</summary>
/// <param name="what">Names both sides.</param>
/// <param name="pairs">Lists the disks; asked when the comparison is made.</param>
internal sealed class ComparisonAction(string what, Func<TourStage, IReadOnlyList<DiskPair>> pairs) : ITourAction
{
    /// <inheritdoc/>
    public async Task<string?> RunAsync(TourStage stage, CancellationToken cancellationToken)
    {
        stage.Screen.WriteLine("90", $"# SHA-256 of every byte, {what}:");
        var compared = pairs(stage);
        var different = new List<string>();
        foreach (var pair in compared)
        {
            var hashes = await Task.WhenAll(pair.Expected(cancellationToken), pair.Actual(cancellationToken));
            var equal = hashes[0] == hashes[1];
            stage.Screen.WriteLine(equal
                ? $"{pair.Name,-24} {hashes[0]}  {Screen.Coloured("32", "equal")}"
                : $"{pair.Name,-24} {hashes[0]}  {Screen.Coloured("31", "DIFFERENT")}\n{"",-24} {hashes[1]}");
            if (!equal)
                different.Add(pair.Name);
        }

        stage.Screen.WriteLine();
        return (compared.Count, different.Count) switch
        {
            (0, _) => "There was nothing to compare.",
            (_, 0) => null,
            _ => $"Not the same bytes: {string.Join(", ", different)}.",
        };
    }
}
