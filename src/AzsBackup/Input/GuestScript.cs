using System.Management.Automation;
using System.Management.Automation.Language;
using System.Management.Automation.Runspaces;
using AzsBackup.Engine.Backup.Quiescing;
using AzsBackup.Engine.Disks;
using AzsBackup.Engine.Running;
using AzsBackup.Model;

namespace AzsBackup.Input;

/// <summary>
/// A script block of the user's, run in a session of its own as <c>ForEach-Object -Parallel</c> does: so it also runs in a job,
/// and while the command is being stopped, when the caller's own session runs nothing any more. It gets the VM as its
/// argument; <c>$using:name</c> gives it values of the caller's session. Any error in it is a failure.
/// </summary>
internal sealed class GuestScript
{
    private const string ValuePrefix = "azsbackup_using_";

    private readonly string _parameter;
    private readonly string _text;
    private readonly Dictionary<string, object?> _values;

    private GuestScript(string parameter, string text, Dictionary<string, object?> values) =>
        (_parameter, _text, _values) = (parameter, text, values);

    /// <summary>Takes a script block in: to be called on the pipeline thread.</summary>
    /// <param name="parameter">The parameter it was given to, with its dash.</param>
    /// <param name="script">The script block.</param>
    /// <param name="readVariable">Gives the value of a variable of the caller's session.</param>
    /// <exception cref="AzsException"><c>UsingNotSupported</c>.</exception>
    public static GuestScript From(string parameter, ScriptBlock script, Func<string, object?> readVariable)
    {
        var text = script.Ast.Extent.Text;
        var values = new Dictionary<string, object?>(StringComparer.OrdinalIgnoreCase);
        foreach (var use in script.Ast.FindAll(node => node is UsingExpressionAst, searchNestedScriptBlocks: true)
            .Cast<UsingExpressionAst>().OrderByDescending(use => use.Extent.StartOffset))
        {
            if (RootOf(use.SubExpression) is not { } variable)
            {
                throw new AzsException(
                    AzsErrorKind.InvalidInput,
                    "UsingNotSupported",
                    $"{parameter} has '{use.Extent.Text}', which does not begin with a variable.",
                    "Put the value into a variable first and use that.",
                    use.Extent.Text);
            }

            var name = ValuePrefix + values.Count;
            values[name] = readVariable(variable.VariablePath.UserPath);
            var start = variable.Extent.StartOffset - script.Ast.Extent.StartOffset;
            text = $"{text[..start]}${{{name}}}{text[(start + variable.Extent.Text.Length)..]}";
        }

        // A literal's extent has its braces; that of a block made from text has none.
        var isLiteral = script.Ast.Parent is ScriptBlockExpressionAst;
        return new GuestScript(parameter, isLiteral ? text : $"{{\n{text}\n}}", values);
    }

    /// <summary>The script for the engine, with where to tell what it writes.</summary>
    public IGuestScript WithLog(IRunLog log) => new Logged(this, log);

    private async Task RunAsync(VmDescription vm, IRunLog log, CancellationToken cancellationToken)
    {
        using var session = RunspaceFactory.CreateRunspace(InitialSessionState.CreateDefault2());
        session.Open();
        session.SessionStateProxy.SetVariable("ErrorActionPreference", ActionPreference.Stop);
        foreach (var (name, value) in _values) session.SessionStateProxy.SetVariable(name, value);
        using var shell = PowerShell.Create();
        shell.Runspace = session;
        shell.AddScript($"& {_text} $args[0]").AddArgument(Describe(vm));
        using var stopping = cancellationToken.Register(() => shell.BeginStop(null, null));
        try
        {
            var output = await Task.Factory.FromAsync(shell.BeginInvoke(), shell.EndInvoke).ConfigureAwait(false);
            foreach (var line in output) log.Verbose($"{_parameter} for VM '{vm.Name}': {line}");
        }
        catch (PipelineStoppedException stopped) when (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException($"{_parameter} was stopped.", stopped, cancellationToken);
        }
        catch (RuntimeException failure)
        {
            throw new AzsException(
                AzsErrorKind.RemoteFailed,
                $"{_parameter[1..]}Failed",
                $"{_parameter} for VM '{vm.Name}' failed: {failure.Message}",
                "Run the script block by itself for this VM and mend what it says; look at whether the guest goes on.",
                vm.Id.ToString(),
                failure);
        }
    }

    // $using:rows[0].Name reads the variable $rows.
    private static VariableExpressionAst? RootOf(ExpressionAst expression) => expression switch
    {
        VariableExpressionAst variable => variable,
        MemberExpressionAst member => RootOf(member.Expression),
        IndexExpressionAst index => RootOf(index.Target),
        _ => null,
    };

    private static PSObject Describe(VmDescription vm)
    {
        var described = new PSObject();
        described.Properties.Add(new PSNoteProperty("Name", vm.Name));
        described.Properties.Add(new PSNoteProperty("ResourceGroupName", vm.Id.ResourceGroupName));
        described.Properties.Add(new PSNoteProperty("ResourceId", vm.Id.ToString()));
        described.Properties.Add(new PSNoteProperty("SubscriptionId", vm.Id.SubscriptionId));
        return described;
    }

    private sealed class Logged(GuestScript script, IRunLog log) : IGuestScript
    {
        public Task RunAsync(VmDescription vm, CancellationToken cancellationToken) => script.RunAsync(vm, log, cancellationToken);
    }
}
