namespace AzsBackup.Playground;

/// <summary>What the command line asks for.</summary>
internal sealed record PlaygroundOptions
{
    /// <summary>The help text.</summary>
    public const string Usage = """
        dotnet run --project src/AzsBackup.Playground [-- OPTIONS]

        Plays a tour of AzsBackup on two emulated stacks. Nothing outside the folder it names is touched.

          --disk FILE     use this image (a fixed VHD, or raw) as the first VM's OS disk
          --keep DIR      lay everything into this new or empty folder; without it, into a new temporary one
          --prompt        end in a prompt, with the module loaded and both stacks connected
          --no-tour       with --prompt: go to the prompt at once
          --script FILE   instead of the tour, run this script in such a session; its exit code is ours
          --help          show this text
        """;

    /// <summary>The user's own image for the first VM's OS disk, as a full path.</summary>
    public string? DiskPath { get; private init; }

    /// <summary>Where everything is to lie, as a full path.</summary>
    public string? KeepPath { get; private init; }

    /// <summary>A script to run instead of the tour, as a full path.</summary>
    public string? ScriptPath { get; private init; }

    /// <summary>Whether to end in a prompt.</summary>
    public bool Prompt { get; private init; }

    /// <summary>Whether to play the tour.</summary>
    public bool Tour { get; private init; } = true;

    /// <summary>Whether only the help text is wanted.</summary>
    public bool Help { get; private init; }

    /// <summary>Reads a command line.</summary>
    /// <exception cref="PlaygroundException">It holds something unknown, incomplete or contradictory.</exception>
    public static PlaygroundOptions Parse(IReadOnlyList<string> arguments)
    {
        var options = new PlaygroundOptions();
        for (var i = 0; i < arguments.Count; i++)
        {
            var name = arguments[i];
            options = name switch
            {
                "--disk" => options with { DiskPath = File(name, arguments, ++i) },
                "--script" => options with { ScriptPath = File(name, arguments, ++i), Tour = false },
                "--keep" => options with { KeepPath = Path.GetFullPath(Value(name, arguments, ++i)) },
                "--prompt" => options with { Prompt = true },
                "--no-tour" => options with { Tour = false },
                "--help" or "-h" or "-?" => options with { Help = true },
                _ => throw new PlaygroundException($"There is no option {name}. Try --help."),
            };
        }

        if (options is { Tour: false, Prompt: false, ScriptPath: null, Help: false })
            throw new PlaygroundException("With --no-tour alone there is nothing to do. Add --prompt.");
        return options;
    }

    private static string Value(string name, IReadOnlyList<string> arguments, int index) =>
        index < arguments.Count ? arguments[index] : throw new PlaygroundException($"{name} needs a value. Try --help.");

    private static string File(string name, IReadOnlyList<string> arguments, int index)
    {
        var path = Path.GetFullPath(Value(name, arguments, index));
        return System.IO.File.Exists(path) ? path : throw new PlaygroundException($"{name}: there is no file {path}.");
    }
}
