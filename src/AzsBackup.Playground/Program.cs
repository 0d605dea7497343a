using AzsBackup.Playground;
using AzsBackup.Playground.Hosting;

// The engine reports its use to its maker unless told not to.
Environment.SetEnvironmentVariable("POWERSHELL_TELEMETRY_OPTOUT", "1");
using var stop = new CancellationTokenSource();
try
{
    var options = PlaygroundOptions.Parse(args);
    if (options.Help)
    {
        Console.Out.WriteLine(PlaygroundOptions.Usage);
        return 0;
    }

    var run = new PlaygroundRun(options, Screen.OfConsole());
    Console.CancelKeyPress += (_, pressed) =>
    {
        // At the prompt it stops the running command only; during the tour, the tour as well. A second one ends the process.
        var stopped = run.StopCommand();
        pressed.Cancel = options.Prompt || stopped || !stop.IsCancellationRequested;
        if (!options.Prompt)
            stop.Cancel();
    };
    return await run.RunAsync(stop.Token);
}
catch (OperationCanceledException) when (stop.IsCancellationRequested)
{
    await Console.Error.WriteLineAsync("The run was stopped.");
    return 130;
}
catch (Exception exception) when (exception is PlaygroundException or AzsBackup.Emulator.Estates.EstateException or IOException or UnauthorizedAccessException)
{
    await Console.Error.WriteLineAsync(exception.Message);
    return 1;
}
