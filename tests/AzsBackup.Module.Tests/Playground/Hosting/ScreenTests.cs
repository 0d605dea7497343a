using System.Management.Automation;
using AzsBackup.Playground.Hosting;

namespace AzsBackup.Module.Tests.Playground.Hosting;

public sealed class ScreenTests : IDisposable
{
    private readonly StringWriter _output = new() { NewLine = "\n" };

    public void Dispose() => _output.Dispose();

    [Fact]
    public void ShowProgress_OnATerminal_KeepsOneLinePerActivityBelowTheText()
    {
        var screen = ScreenOf(isTerminal: true);
        screen.ShowProgress(1, Progress(1, "web", 10));
        screen.ShowProgress(1, Progress(2, "db", 20));
        screen.WriteLine("done");
        screen.ShowProgress(1, Progress(1, "web", 50));

        Assert.Equal(["done", "web  [##########----------]  10 MB/s", "db  [####----------------]  10 MB/s"], Seen());
    }

    [Fact]
    public void ShowProgress_Completed_RemovesTheLine()
    {
        var screen = ScreenOf(isTerminal: true);
        screen.ShowProgress(1, Progress(1, "web", 10));
        screen.ShowProgress(1, new ProgressRecord(1, "web", "x") { RecordType = ProgressRecordType.Completed });
        screen.WriteLine("after");
        Assert.Equal(["after"], Seen());
    }

    [Fact]
    public void ShowProgress_InAPipe_WritesNothing()
    {
        ScreenOf(isTerminal: false).ShowProgress(1, Progress(1, "web", 10));
        Assert.Empty(_output.ToString());
    }

    [Fact]
    public void ShowProgress_LongLine_IsCutToTheWidth()
    {
        ScreenOf(isTerminal: true).ShowProgress(1, Progress(1, new string('x', 200), 10));
        Assert.All(Seen(), line => Assert.True(line.Length < 80));
    }

    private static ProgressRecord Progress(int id, string activity, int percent) =>
        new(id, activity, "10 MB/s") { PercentComplete = percent };

    private Screen ScreenOf(bool isTerminal) => new(_output, TextReader.Null, isTerminal, () => 80, echoesInput: false);

    /// <summary>What a terminal would show: text, "up N lines" and "erase below" are all the screen uses beside colours.</summary>
    private List<string> Seen()
    {
        var lines = new List<string>();
        var text = _output.ToString();
        var line = "";
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\n')
            {
                lines.Add(line);
                line = "";
            }
            else if (text[i] == '\x1b')
            {
                var end = text.IndexOfAny(['F', 'J', 'm'], i);
                if (text[end] == 'F')
                    lines.RemoveRange(lines.Count - int.Parse(text[(i + 2)..end], System.Globalization.CultureInfo.InvariantCulture), int.Parse(text[(i + 2)..end], System.Globalization.CultureInfo.InvariantCulture));
                i = end;
            }
            else
            {
                line += text[i];
            }
        }

        return lines;
    }
}
