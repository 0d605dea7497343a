using System.Management.Automation;
using AzsBackup.Model;
using AzsBackup.Pipeline;
using AzsBackup.Sessions;

namespace AzsBackup.Commands;

/// <summary>Closes connections: the default, or those given. Running jobs keep theirs until they end.</summary>
[Cmdlet(VerbsCommunications.Disconnect, "AzsStack", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Low)]
[OutputType(typeof(void))]
public sealed class DisconnectAzsStackCommand : PSCmdlet
{
    [Parameter(Position = 0, ValueFromPipeline = true, HelpMessage = "A connection or its name; the default one if left out.")]
    [Alias("Name")]
    [StackName]
    [ArgumentCompleter(typeof(StackNameCompleter))]
    public AzsStackConnection? Stack { get; set; }

    protected override void ProcessRecord()
    {
        try
        {
            var connection = StackSessions.OfProcess.Resolve(Stack).Connection;
            if (ShouldProcess($"{connection.Name} ({connection.ArmEndpoint})", "Disconnect")) StackSessions.OfProcess.Close(connection);
        }
        catch (AzsException failure)
        {
            WriteError(ErrorRecords.From(failure, Stack));
        }
    }
}
