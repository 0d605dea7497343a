using System.Management.Automation.Host;

namespace AzsBackup.Playground.Hosting;

/// <summary>What the engine asks of a screen to lay out tables: its width. Cells and keys are not offered.</summary>
internal sealed class PlaygroundRawUserInterface(Screen screen) : PSHostRawUserInterface
{
    private const int Rows = 50;

    /// <inheritdoc/>
    public override ConsoleColor ForegroundColor { get; set; } = ConsoleColor.Gray;

    /// <inheritdoc/>
    public override ConsoleColor BackgroundColor { get; set; } = ConsoleColor.Black;

    /// <inheritdoc/>
    public override Size BufferSize
    {
        get => new(screen.Width, Rows);
        set => throw NotOffered();
    }

    /// <inheritdoc/>
    public override Size WindowSize
    {
        get => new(screen.Width, Rows);
        set => throw NotOffered();
    }

    /// <inheritdoc/>
    public override Size MaxWindowSize => WindowSize;

    /// <inheritdoc/>
    public override Size MaxPhysicalWindowSize => WindowSize;

    /// <inheritdoc/>
    public override Coordinates CursorPosition { get; set; }

    /// <inheritdoc/>
    public override Coordinates WindowPosition { get; set; }

    /// <inheritdoc/>
    public override int CursorSize { get; set; } = 1;

    /// <inheritdoc/>
    public override string WindowTitle { get; set; } = "AzsBackup";

    /// <inheritdoc/>
    public override bool KeyAvailable => throw NotOffered();

    /// <inheritdoc/>
    public override KeyInfo ReadKey(ReadKeyOptions options) => throw NotOffered();

    /// <inheritdoc/>
    public override void FlushInputBuffer()
    {
    }

    /// <inheritdoc/>
    public override BufferCell[,] GetBufferContents(Rectangle rectangle) => throw NotOffered();

    /// <inheritdoc/>
    public override void SetBufferContents(Coordinates origin, BufferCell[,] contents) => throw NotOffered();

    /// <inheritdoc/>
    public override void SetBufferContents(Rectangle rectangle, BufferCell fill) => throw NotOffered();

    /// <inheritdoc/>
    public override void ScrollBufferContents(Rectangle source, Coordinates destination, Rectangle clip, BufferCell fill) =>
        throw NotOffered();

    private static HostException NotOffered() => new("The playground's screen is a stream of lines: it has no cells and reads no keys.");
}
