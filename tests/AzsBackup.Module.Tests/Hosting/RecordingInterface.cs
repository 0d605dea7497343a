using System.Collections.Concurrent;
using System.Collections.ObjectModel;
using System.Management.Automation;
using System.Management.Automation.Host;
using System.Security;
using System.Text;

namespace AzsBackup.Module.Tests.Hosting;

/// <summary>Writes down text, progress and questions.</summary>
internal sealed class RecordingInterface(int width) : PSHostUserInterface
{
    private readonly StringBuilder _text = new();

    public ConcurrentQueue<ProgressRecord> Progress { get; } = new();

    public ConcurrentQueue<string> Questions { get; } = new();

    /// <summary>The answers to come: 0 yes, 1 yes to all, 2 no. A question too many fails.</summary>
    public ConcurrentQueue<int> Answers { get; } = new();

    /// <summary>All text shown, without colours.</summary>
    public string Text => GetOutputString(_text.ToString(), supportsVirtualTerminal: false);

    public override PSHostRawUserInterface RawUI { get; } = new RecordingScreen(width);

    public override void Write(string value) => _text.Append(value);

    public override void Write(ConsoleColor foregroundColor, ConsoleColor backgroundColor, string value) => _text.Append(value);

    public override void WriteLine(string value) => _text.AppendLine(value);

    public override void WriteErrorLine(string value) => _text.AppendLine(value);

    public override void WriteDebugLine(string message) => _text.AppendLine(message);

    public override void WriteVerboseLine(string message) => _text.AppendLine(message);

    public override void WriteWarningLine(string message) => _text.AppendLine(message);

    public override void WriteProgress(long sourceId, ProgressRecord record) => Progress.Enqueue(record);

    public override int PromptForChoice(string caption, string message, Collection<ChoiceDescription> choices, int defaultChoice)
    {
        Questions.Enqueue(message);
        return Answers.TryDequeue(out var answer) ? answer : throw new InvalidOperationException($"Unexpected question: {message}");
    }

    public override Dictionary<string, PSObject> Prompt(string caption, string message, Collection<FieldDescription> descriptions) =>
        throw new NotSupportedException(message);

    public override PSCredential PromptForCredential(string caption, string message, string userName, string targetName) =>
        throw new NotSupportedException(message);

    public override PSCredential PromptForCredential(
        string caption, string message, string userName, string targetName, PSCredentialTypes allowedCredentialTypes, PSCredentialUIOptions options) =>
        throw new NotSupportedException(message);

    public override string ReadLine() => throw new NotSupportedException();

    public override SecureString ReadLineAsSecureString() => throw new NotSupportedException();
}
