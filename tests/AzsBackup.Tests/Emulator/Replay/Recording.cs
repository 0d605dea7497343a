namespace AzsBackup.Tests.Emulator.Replay;

/// <summary>What one test of somebody else's client said to the real service, in order, and what it was told.</summary>
internal sealed record Recording(string Name, IReadOnlyList<RecordedInteraction> Interactions)
{
    /// <summary>The recording cut where its first request comes again, whatever account it is sent to: for files that hold several runs of a test.</summary>
    public IEnumerable<Recording> Runs()
    {
        List<RecordedInteraction> run = [];
        foreach (var interaction in Interactions)
        {
            if (run.Count > 0 && interaction.Method == run[0].Method && interaction.Path == run[0].Path)
            {
                yield return this with { Interactions = run };
                run = [];
            }

            run.Add(interaction);
        }

        yield return this with { Interactions = run };
    }
}
