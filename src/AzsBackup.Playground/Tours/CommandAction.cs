using AzsBackup.Playground.Hosting;

namespace AzsBackup.Playground.Tours;

/// <summary>A command, shown as a user would type it and then run: what is shown is what runs.</summary>
internal sealed class CommandAction(string command) : ITourAction
{
    /// <inheritdoc/>
    public Task<string?> RunAsync(TourStage stage, CancellationToken cancellationToken)
    {
        var lines = command.ReplaceLineEndings("\n").Split('\n');
        for (var i = 0; i < lines.Length; i++)
            stage.Screen.WriteLine((i == 0 ? CommandPrompt.Prefix : CommandPrompt.Continuation) + Screen.Coloured("93", lines[i]));
        var succeeded = stage.Session.Run(command);
        return Task.FromResult(succeeded ? null : $"The command failed: {lines[0]}");
    }
}
