using System.Globalization;
using System.Management.Automation.Host;

namespace AzsBackup.Module.Tests.Hosting;

/// <summary>A host without a person: it has a width, writes down what it is shown, and answers questions from a list.</summary>
internal sealed class RecordingHost(int width) : PSHost
{
    public RecordingInterface Screen { get; } = new(width);

    public override PSHostUserInterface UI => Screen;

    public override string Name => "AzsBackup module tests";

    public override Version Version { get; } = new(1, 0);

    public override Guid InstanceId { get; } = Guid.NewGuid();

    public override CultureInfo CurrentCulture => CultureInfo.InvariantCulture;

    public override CultureInfo CurrentUICulture => CultureInfo.InvariantCulture;

    public override void EnterNestedPrompt() => throw new NotSupportedException();

    public override void ExitNestedPrompt() => throw new NotSupportedException();

    public override void NotifyBeginApplication()
    {
    }

    public override void NotifyEndApplication()
    {
    }

    public override void SetShouldExit(int exitCode) => throw new NotSupportedException();
}
