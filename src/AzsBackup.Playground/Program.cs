using AzsBackup.Playground.Hosting;

Environment.SetEnvironmentVariable("POWERSHELL_TELEMETRY_OPTOUT", "1");
var screen = Screen.OfConsole();
using var session = new Session(screen);
return new CommandPrompt(session, screen).Run();
