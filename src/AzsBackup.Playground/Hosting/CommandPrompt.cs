namespace AzsBackup.Playground.Hosting;

/// <summary>A prompt that runs one command after the other until the input ends or a command says <c>exit</c>.</summary>
internal sealed class CommandPrompt(Session session, Screen screen)
{
    /// <summary>What stands before a command.</summary>
    public const string Prefix = "PS> ";

    /// <summary>What stands before a command's further lines.</summary>
    public const string Continuation = ">>  ";

    /// <summary>Reads and runs until the end.</summary>
    /// <returns>The exit code.</returns>
    public int Run()
    {
        while (ReadCommand() is { } command)
        {
            if (string.IsNullOrWhiteSpace(command))
                continue;
            session.Run(command);
            if (session.ExitCode is { } code)
                return code;
        }

        return 0;
    }

    /// <summary>Reads lines until they make a whole command.</summary>
    private string? ReadCommand()
    {
        screen.Write(Prefix);
        if (screen.ReadLine() is not { } command)
            return null;
        while (CommandText.IsIncomplete(command))
        {
            screen.Write(Continuation);
            if (screen.ReadLine() is not { Length: > 0 } line)
                return command;
            command += "\n" + line;
        }

        return command;
    }
}
