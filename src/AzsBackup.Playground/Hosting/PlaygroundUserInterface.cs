using System.Collections.ObjectModel;
using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Host;
using System.Security;

namespace AzsBackup.Playground.Hosting;

/// <summary>The streams and questions of the engine, on a <see cref="Screen"/>.</summary>
internal sealed class PlaygroundUserInterface(Screen screen) : PSHostUserInterface
{
    /// <inheritdoc/>
    public override PSHostRawUserInterface RawUI { get; } = new PlaygroundRawUserInterface(screen);

    /// <inheritdoc/>
    public override bool SupportsVirtualTerminal => screen.IsTerminal;

    /// <inheritdoc/>
    public override void Write(string value) => screen.Write(value);

    /// <inheritdoc/>
    public override void Write(ConsoleColor foregroundColor, ConsoleColor backgroundColor, string value) => screen.Write(value);

    /// <inheritdoc/>
    public override void WriteLine(string value) => screen.WriteLine(value);

    /// <inheritdoc/>
    public override void WriteErrorLine(string value) => screen.WriteLine(value);

    /// <inheritdoc/>
    public override void WriteWarningLine(string message) => screen.WriteLine("33", "WARNING: " + message);

    /// <inheritdoc/>
    public override void WriteVerboseLine(string message) => screen.WriteLine("33", "VERBOSE: " + message);

    /// <inheritdoc/>
    public override void WriteDebugLine(string message) => screen.WriteLine("33", "DEBUG: " + message);

    /// <inheritdoc/>
    public override void WriteProgress(long sourceId, ProgressRecord record) => screen.ShowProgress(sourceId, record);

    /// <inheritdoc/>
    public override string ReadLine() => screen.ReadLine() ?? throw NoInput();

    /// <inheritdoc/>
    public override SecureString ReadLineAsSecureString()
    {
        var secret = new SecureString();
        foreach (var character in Console.IsInputRedirected ? ReadLine() : ReadUnseen())
            secret.AppendChar(character);
        secret.MakeReadOnly();
        return secret;
    }

    /// <inheritdoc/>
    public override Dictionary<string, PSObject> Prompt(string caption, string message, Collection<FieldDescription> descriptions)
    {
        WriteHeading(caption, message);
        var answers = new Dictionary<string, PSObject>();
        foreach (var field in descriptions)
        {
            screen.Write($"{field.Name}: ");
            var isSecret = field.ParameterTypeFullName == typeof(SecureString).FullName;
            answers[field.Name] = isSecret ? PSObject.AsPSObject(ReadLineAsSecureString()) : PSObject.AsPSObject(ReadLine());
        }

        return answers;
    }

    /// <inheritdoc/>
    public override PSCredential PromptForCredential(string caption, string message, string userName, string targetName)
    {
        WriteHeading(caption, message);
        if (string.IsNullOrEmpty(userName))
        {
            screen.Write("User: ");
            userName = ReadLine();
        }

        screen.Write($"Password for user {userName}: ");
        return new PSCredential(userName, ReadLineAsSecureString());
    }

    /// <inheritdoc/>
    public override PSCredential PromptForCredential(
        string caption,
        string message,
        string userName,
        string targetName,
        PSCredentialTypes allowedCredentialTypes,
        PSCredentialUIOptions options) => PromptForCredential(caption, message, userName, targetName);

    /// <inheritdoc/>
    public override int PromptForChoice(string caption, string message, Collection<ChoiceDescription> choices, int defaultChoice)
    {
        WriteHeading(caption, message);
        var keys = choices.Select(choice => Key(choice.Label)).ToList();
        var offered = string.Join("  ", choices.Select((choice, index) => $"[{keys[index]}] {choice.Label.Replace("&", "", StringComparison.Ordinal)}"));
        while (true)
        {
            screen.Write(defaultChoice >= 0 ? $"{offered}  (default is \"{keys[defaultChoice]}\"): " : $"{offered}: ");
            var answer = ReadLine().Trim();
            if (answer.Length == 0 && defaultChoice >= 0)
                return defaultChoice;
            var index = keys.FindIndex(key => key.Equals(answer, StringComparison.OrdinalIgnoreCase));
            if (index >= 0)
                return index;
        }
    }

    private static string Key(string label)
    {
        var mark = label.IndexOf('&', StringComparison.Ordinal);
        return mark >= 0 && mark + 1 < label.Length ? char.ToUpper(label[mark + 1], CultureInfo.CurrentCulture).ToString() : label;
    }

    private void WriteHeading(string caption, string message)
    {
        if (!string.IsNullOrEmpty(caption))
            screen.WriteLine("1", caption);
        if (!string.IsNullOrEmpty(message))
            screen.WriteLine(message);
    }

    private string ReadUnseen()
    {
        var typed = new System.Text.StringBuilder();
        while (Console.ReadKey(intercept: true) is { Key: not ConsoleKey.Enter } key)
        {
            if (key.Key == ConsoleKey.Backspace)
                typed.Length = Math.Max(0, typed.Length - 1);
            else if (key.KeyChar != '\0')
                typed.Append(key.KeyChar);
        }

        screen.WriteLine();
        return typed.ToString();
    }

    // Any other exception type thrown in the middle of parameter binding ends the process.
    private static HostException NoInput() =>
        new("The command asked a question, and there is no more input. Give every value as a parameter, and -Confirm:$false where a command asks.");
}
