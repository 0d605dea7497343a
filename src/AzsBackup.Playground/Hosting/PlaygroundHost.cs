using System.Globalization;
using System.Management.Automation.Host;
using System.Reflection;

namespace AzsBackup.Playground.Hosting;

/// <summary>The host the engine runs in: pwsh's place, taken by a few hundred lines.</summary>
internal sealed class PlaygroundHost(Screen screen) : PSHost
{
    /// <inheritdoc/>
    public override string Name => "AzsBackup.Playground";

    /// <inheritdoc/>
    public override Version Version { get; } = Assembly.GetExecutingAssembly().GetName().Version ?? new Version(0, 0);

    /// <inheritdoc/>
    public override Guid InstanceId { get; } = Guid.NewGuid();

    /// <inheritdoc/>
    public override PSHostUserInterface UI { get; } = new PlaygroundUserInterface(screen);

    /// <inheritdoc/>
    public override CultureInfo CurrentCulture => CultureInfo.CurrentCulture;

    /// <inheritdoc/>
    public override CultureInfo CurrentUICulture => CultureInfo.CurrentUICulture;

    /// <summary>What a script's <c>exit</c> asked for; null as long as none did.</summary>
    public int? ExitCode { get; private set; }

    /// <inheritdoc/>
    public override void SetShouldExit(int exitCode) => ExitCode = exitCode;

    /// <inheritdoc/>
    public override void EnterNestedPrompt() =>
        throw new HostException("The playground has no nested prompt; answer the question, or stop the command with Ctrl+C.");

    /// <inheritdoc/>
    public override void ExitNestedPrompt() => throw new HostException("The playground has no nested prompt.");

    /// <inheritdoc/>
    public override void NotifyBeginApplication()
    {
    }

    /// <inheritdoc/>
    public override void NotifyEndApplication()
    {
    }
}
