namespace AzsBackup.Playground.Tours;

/// <summary>Plays steps one after the other, until the last or the first that fails.</summary>
internal sealed class Tour(IReadOnlyList<TourStep> steps, TimeProvider clock)
{
    /// <summary>Plays the tour.</summary>
    /// <returns>Whether every command and every comparison went well.</returns>
    public async Task<bool> PlayAsync(TourStage stage, CancellationToken cancellationToken)
    {
        var started = clock.GetTimestamp();
        for (var i = 0; i < steps.Count; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var step = steps[i];
            stage.Screen.WriteLine();
            stage.Screen.WriteLine("1;36", $"{i + 1}. {step.Title}");
            stage.Screen.WriteParagraph(step.Explanation);
            stage.Screen.WriteLine();
            foreach (var action in step.Actions)
            {
                if (await action.RunAsync(stage, cancellationToken) is not { } failure)
                    continue;
                cancellationToken.ThrowIfCancellationRequested();
                stage.Screen.WriteLine();
                stage.Screen.WriteLine("1;31", $"FAILED in step {i + 1}, {step.Title}. {failure}");
                return false;
            }
        }

        stage.Screen.WriteLine();
        stage.Screen.WriteLine("1;32", $"The tour went well: {steps.Count} steps in {clock.GetElapsedTime(started).TotalSeconds:0} s.");
        return true;
    }
}
