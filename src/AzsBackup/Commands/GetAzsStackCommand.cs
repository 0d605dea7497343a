using System.Management.Automation;
using AzsBackup.Model;
using AzsBackup.Sessions;

namespace AzsBackup.Commands;

/// <summary>Lists the open connections.</summary>
[Cmdlet(VerbsCommon.Get, "AzsStack")]
[OutputType(typeof(AzsStackConnection))]
public sealed class GetAzsStackCommand : PSCmdlet
{
    [Parameter(Position = 0, HelpMessage = "The names of connections; wildcards are allowed.")]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(StackNameCompleter))]
    public string[] Name { get; set; } = ["*"];

    protected override void ProcessRecord()
    {
        foreach (var name in Name)
        {
            if (WildcardPattern.ContainsWildcardCharacters(name)) WriteMatches(WildcardPattern.Get(name, WildcardOptions.IgnoreCase));
            else WriteNamed(name);
        }
    }

    private void WriteMatches(WildcardPattern pattern)
    {
        foreach (var connection in StackSessions.OfProcess.Connections)
        {
            if (pattern.IsMatch(connection.Name)) WriteObject(connection);
        }
    }

    private void WriteNamed(string name)
    {
        AzsStackConnection connection;
        try
        {
            connection = StackSessions.OfProcess.Named(name);
        }
        catch (AzsException failure)
        {
            WriteError(Pipeline.ErrorRecords.From(failure, name));
            return;
        }

        WriteObject(connection);
    }
}
