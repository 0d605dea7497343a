using System.Management.Automation;
using System.Management.Automation.Runspaces;

// Runs the script in a file, prints its output a line each, and ends with 1 if there was an error.
var session = InitialSessionState.CreateDefault2();
session.ThreadOptions = PSThreadOptions.ReuseThread;
using var runspace = RunspaceFactory.CreateRunspace(session);
runspace.Open();
using var shell = PowerShell.Create(runspace);
try
{
    foreach (var output in shell.AddScript(await File.ReadAllTextAsync(args[0])).Invoke())
        Console.WriteLine(output);
}
catch (RuntimeException exception)
{
    Console.Error.WriteLine(exception.ErrorRecord);
    return 1;
}

foreach (var error in shell.Streams.Error)
    Console.Error.WriteLine(error);
return shell.HadErrors ? 1 : 0;
