using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace AzsBackup.Sessions;

/// <summary>Completes the names of the open connections.</summary>
public sealed class StackNameCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        var begin = wordToComplete.Trim('\'', '"');
        return StackSessions.OfProcess.Connections
            .Where(connection => connection.Name.StartsWith(begin, StringComparison.OrdinalIgnoreCase))
            .Select(connection => new CompletionResult(
                Quoted(connection.Name), connection.Name, CompletionResultType.ParameterValue, connection.ArmEndpoint.ToString()));
    }

    private static string Quoted(string name) =>
        name.All(letter => char.IsLetterOrDigit(letter) || letter is '-' or '_' or '.')
            ? name
            : $"'{CodeGeneration.EscapeSingleQuotedStringContent(name)}'";
}
