using System.Diagnostics;
using System.Net;
using System.Reflection;
using AzsBackup.Playground.DiskImages;
using AzsBackup.Playground.Hosting;
using AzsBackup.Playground.Stacks;
using AzsBackup.Playground.Tours;

namespace AzsBackup.Playground;

/// <summary>One run of the playground: its folder, its stacks, its session.</summary>
internal sealed class PlaygroundRun
{
    private readonly PlaygroundOptions _options;
    private readonly Screen _screen;
    private readonly DiskFile? _userDisk;
    private readonly string _folder;
    private Session? _session;

    /// <summary>Checks what the options name, and makes the folder.</summary>
    /// <exception cref="PlaygroundException">The user's image, or the folder, can't be used.</exception>
    public PlaygroundRun(PlaygroundOptions options, Screen screen)
    {
        (_options, _screen) = (options, screen);
        _userDisk = options.DiskPath is { } path ? DiskFile.Open(path) : null;
        _folder = FolderOf(options);
    }

    /// <summary>Stops the running command; with none running, there is nothing to stop.</summary>
    public bool StopCommand() => _session?.StopCommand() ?? false;

    /// <summary>Does what the options ask for.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await PlayAsync(cancellationToken);
        }
        finally
        {
            ShowWhereThingsLie();
        }
    }

    private async Task<int> PlayAsync(CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        _screen.WriteLine("1;36", "AzsBackup on two emulated stacks");
        var images = await SampleImages.CreateAsync(Make("images"), _userDisk, cancellationToken);
        await using var stacks = await TwoStacks.StartAsync(Make("stacks"), images.Content, cancellationToken);
        using var session = _session = Open(stacks);
        var own = _userDisk is null ? "" : $"The OS disk of {SampleEstate.First.VmName} is your own image {_userDisk.Path}.";
        _screen.WriteParagraph($"""
            Everything runs on this machine: {stacks.North.ArmEndpoint} plays a stamp with three VMs, {stacks.South.ArmEndpoint} one with a network and no VM.
            Their disks are tar archives of real files of this machine (below {images.Source}; {ByteCount.Text(images.UsedBytes)}): to a backup as good
            as a real disk, though no guest could boot from them. {own} Ready in {Stopwatch.GetElapsedTime(started).TotalSeconds:0} s.
            """);

        var succeeded = _options.Tour
            ? await new Tour(new MainTour(stacks, images, _folder).Steps, TimeProvider.System).PlayAsync(new TourStage(session, _screen), cancellationToken)
            : MainTour.ConnectCommands.All(command => session.Run("$null = " + command));
        var code = succeeded ? 0 : 1;
        if (succeeded && _options.ScriptPath is { } script)
            code = session.RunScript(script);
        if (_options.Prompt && session.ExitCode is null)
            code = Prompt(session, code);
        return code;
    }

    private static string FolderOf(PlaygroundOptions options)
    {
        if (options.KeepPath is not { } path)
            return Directory.CreateTempSubdirectory("azsbackup-playground-").FullName;
        if (File.Exists(path) || (Directory.Exists(path) && Directory.EnumerateFileSystemEntries(path).Any()))
            throw new PlaygroundException($"--keep: {path} is not empty. Name a new or an empty folder.");
        return Directory.CreateDirectory(path).FullName;
    }

    private string Make(string name) => Directory.CreateDirectory(Path.Combine(_folder, name)).FullName;

    private Session Open(TwoStacks stacks)
    {
        var manifest = Assembly.GetExecutingAssembly().GetCustomAttributes<AssemblyMetadataAttribute>().Single(item => item.Key == "ModuleManifest").Value!;
        var session = new Session(_screen);
        session.SetLocation(_folder);
        session.SetVariable("north", TwoStacks.Describe(stacks.North));
        session.SetVariable("south", TwoStacks.Describe(stacks.South));
        session.SetVariable("password", new NetworkCredential("", "a passphrase for the playground only").SecurePassword);
        session.SetVariable("manifest", manifest);
        if (session.Run("Import-Module $manifest"))
            return session;
        session.Dispose();
        throw new PlaygroundException($"The module {manifest} could not be imported. Build it: dotnet build");
    }

    private int Prompt(Session session, int code)
    {
        _screen.WriteLine();
        _screen.WriteLine("The module is loaded and both stacks are connected; $north, $south and $password are set. Ctrl+C stops a command, exit ends.");
        var end = new CommandPrompt(session, _screen).Run();
        return end != 0 ? end : code;
    }

    private void ShowWhereThingsLie()
    {
        _screen.WriteLine();
        _screen.WriteLine("1;36", "Where things lie");
        _screen.WriteLine(_folder);
        foreach (var folder in new DirectoryInfo(_folder).EnumerateDirectories().OrderBy(folder => folder.Name, StringComparer.Ordinal))
            _screen.WriteLine($"  {folder.Name + "/",-12}{Meaning(folder.Name)}");
        _screen.WriteLine($"""
            The stacks end with this process. Delete the folder when you are done with it: {(OperatingSystem.IsWindows() ? $"rmdir /s /q \"{_folder}\"" : $"rm -r '{_folder}'")}
            """);
    }

    private static string Meaning(string folder) => folder switch
    {
        "capture" => "the configuration of every resource",
        "images" => "the disks as they were made, and the first one's next generation",
        "restored" => "the restored VHD files",
        "stacks" => "the emulated stacks' CA certificates; their disks went with them",
        "vault" => "the vault; its passphrase: a passphrase for the playground only",
        _ => "",
    };
}
