using System.Management.Automation.Host;

namespace AzsBackup.Playground.Hosting;

/// <summary>
/// Where the session's text goes. On a terminal it keeps colours and draws the running commands' progress below the text;
/// elsewhere it writes plain text and no progress, so that a log of the tour can be read.
/// </summary>
internal sealed class Screen
{
    private const int LongestLine = 110; // longer ones are hard to read, however wide the window
    private readonly Lock _gate = new();
    private readonly TextWriter _output;
    private readonly TextReader _input;
    private readonly Func<int> _width;
    private readonly bool _echoesInput;
    private readonly ProgressLines _progress = new();
    private bool _atLineStart = true;
    private int _drawnLines;

    /// <summary>Makes a screen.</summary>
    /// <param name="output">Receives the text.</param>
    /// <param name="input">Gives what the user types.</param>
    /// <param name="isTerminal">Whether <paramref name="output"/> understands colours and cursor movement.</param>
    /// <param name="width">The width in columns, asked before every table.</param>
    /// <param name="echoesInput">Whether what is read must be written too, because it comes from a file or a pipe.</param>
    public Screen(TextWriter output, TextReader input, bool isTerminal, Func<int> width, bool echoesInput)
    {
        _output = output;
        _input = input;
        _width = width;
        _echoesInput = echoesInput;
        IsTerminal = isTerminal;
    }

    /// <summary>Whether colours and progress are drawn.</summary>
    public bool IsTerminal { get; }

    /// <summary>The width in columns.</summary>
    public int Width => _width();

    /// <summary>The process's own console: 120 columns wide where its output goes into a file or a pipe.</summary>
    public static Screen OfConsole() => new(
        Console.Out,
        Console.In,
        !Console.IsOutputRedirected,
        () => Console.IsOutputRedirected || Console.WindowWidth <= 0 ? 120 : Console.WindowWidth,
        Console.IsInputRedirected);

    /// <summary>Reads one line; null at the end of the input.</summary>
    public string? ReadLine()
    {
        var line = _input.ReadLine();
        if (_echoesInput)
            WriteLine(line ?? "");
        lock (_gate)
            _atLineStart = true;
        return line;
    }

    /// <summary>Writes text that may hold escape sequences.</summary>
    public void Write(string text)
    {
        if (text.Length == 0)
            return;
        lock (_gate)
        {
            EraseProgress();
            _output.Write(PSHostUserInterface.GetOutputString(text, IsTerminal));
            _atLineStart = text[^1] == '\n';
            DrawProgress();
            _output.Flush();
        }
    }

    /// <summary>Writes a line that may hold escape sequences.</summary>
    public void WriteLine(string text = "") => Write(text + Environment.NewLine);

    /// <summary>Writes a line in a colour, where there are colours.</summary>
    /// <param name="colour">An SGR parameter, for example <c>1;36</c>.</param>
    /// <param name="text">The line.</param>
    public void WriteLine(string colour, string text) => WriteLine(Coloured(colour, text));

    /// <summary>Writes text in lines that end between words.</summary>
    public void WriteParagraph(string text)
    {
        var line = "";
        foreach (var word in text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.Length > 0 && line.Length + 1 + word.Length > Math.Min(Width, LongestLine))
            {
                WriteLine(line);
                line = "";
            }

            line += line.Length > 0 ? " " + word : word;
        }

        WriteLine(line);
    }

    /// <summary>The text between the escape sequences of a colour.</summary>
    public static string Coloured(string colour, string text) => $"\x1b[{colour}m{text}\x1b[0m";

    /// <summary>Shows, moves or removes the line of a running command.</summary>
    public void ShowProgress(long sourceId, System.Management.Automation.ProgressRecord record)
    {
        if (!IsTerminal)
            return;
        lock (_gate)
        {
            _progress.Update(sourceId, record);
            EraseProgress();
            DrawProgress();
            _output.Flush();
        }
    }

    /// <summary>Removes every progress line: the command that drew them has ended.</summary>
    public void ClearProgress()
    {
        lock (_gate)
        {
            _progress.Clear();
            EraseProgress();
            _output.Flush();
        }
    }

    private void EraseProgress()
    {
        if (_drawnLines == 0)
            return;
        _output.Write($"\x1b[{_drawnLines}F\x1b[J");
        _drawnLines = 0;
    }

    private void DrawProgress()
    {
        // Below an unfinished line there is no place from which the lines could be erased again.
        if (!_atLineStart)
            return;
        foreach (var line in _progress.Render(Width - 1))
        {
            _output.WriteLine(Coloured("36", line));
            _drawnLines++;
        }
    }
}
