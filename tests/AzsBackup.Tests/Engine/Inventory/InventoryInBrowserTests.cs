using System.Globalization;
using System.Text.RegularExpressions;
using AzsBackup.Engine.Inventory;
using AzsBackup.Tests.Engine.Fakes;
using AzsBackup.Tests.Engine.Reporting;
using Xunit;

namespace AzsBackup.Tests.Engine.Inventory;

/// <summary>The page as a browser sees it. The pictures stay, for people to look at.</summary>
public sealed partial class InventoryInBrowserTests : IDisposable
{
    private static readonly int[] Sizes = [20, 200];

    private readonly string _folder = Directory.CreateTempSubdirectory("azsbackup-test-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Page_OfAnySizeLanguageAndScheme_LoadsWithoutAWordOnTheConsole()
    {
        using var browser = HeadlessBrowser.Find();
        foreach (var size in Sizes)
        {
            foreach (var language in new[] { "en", "ja" })
            {
                var page = await WriteAsync(SampleTenant.Build(size), language, Path.Combine(HeadlessBrowser.Artifacts, $"inventory-{size}-{language}.html"));
                foreach (var scheme in new[] { "light", "dark" })
                {
                    var picture = Path.Combine(HeadlessBrowser.Artifacts, $"inventory-{size}-{language}-{scheme}.png");
                    var console = await browser.PhotographAsync(
                        page, picture, 1400, size == 20 ? 6500 : 14000, $"--blink-settings=preferredColorScheme={(scheme == "dark" ? 0 : 1)}");
                    Assert.Empty(console);
                    TestContext.Current.TestOutputHelper?.WriteLine(picture);
                }
            }
        }
    }

    [Fact]
    public async Task Page_WithHostileNames_RunsNothingAndAsksNobody()
    {
        using var browser = HeadlessBrowser.Find();
        await using var trap = new RequestTrap();
        var hostile = $"<img src={trap.Address}><script>document.title='owned'</script>\"' onmouseover=x ";

        // The trap works: a page without our policy falls into it, and the console is heard.
        var control = Path.Combine(_folder, "control.html");
        await File.WriteAllTextAsync(control, $"<img src={trap.Address}><script>console.error('heard');document.title='owned'</script>", TestContext.Current.CancellationToken);
        var (owned, heard) = await browser.OpenAsync(control);
        Assert.Contains("<title>owned</title>", owned, StringComparison.Ordinal);
        Assert.Contains(heard, line => line.Contains("heard", StringComparison.Ordinal));
        Assert.NotEqual(0, trap.Caught);

        var caught = trap.Caught;
        var page = await WriteAsync(HostileTenant.Build(hostile), "en", "hostile.html");
        var (document, console) = await browser.OpenAsync(page);
        Assert.Empty(console);
        Assert.Equal(caught, trap.Caught);
        Assert.Contains("<title>Inventory</title>", document, StringComparison.Ordinal);
        Assert.DoesNotContain("<img", document, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Page_WithScript_CanBeSortedAndFiltered()
    {
        using var browser = HeadlessBrowser.Find();
        var page = await WriteAsync(SampleTenant.Build(20), "en", "page.html");
        var (document, _) = await browser.OpenAsync(page);
        Assert.Contains("type=\"search\"", document, StringComparison.Ordinal);
        Assert.Contains("title=\"Sort by this column\"", document, StringComparison.Ordinal);
        Assert.DoesNotContain("type=\"search\"", await File.ReadAllTextAsync(page, TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    /// <summary>The layout's estimates of how wide texts are hold in a real font: nothing written in the drawing overlaps or leaves its box.</summary>
    [Fact]
    public async Task Drawing_InARealFont_HasNoTextOverAnother()
    {
        using var browser = HeadlessBrowser.Find();
        var inventory = await SampleTenant.Build(200, "Wide-Name-MMW-仮想-").ReadAsync();
        var html = System.Text.Encoding.UTF8.GetString(new InventoryReport(inventory, null, null, CultureInfo.GetCultureInfo("ja-JP")).ToHtml());
        var svg = Svg().Match(html).Value;
        Assert.NotEmpty(svg);
        var page = Path.Combine(_folder, "drawing.html");
        await File.WriteAllTextAsync(page, $$"""
            <meta charset="utf-8"><style>svg { width: 1400px; font-family: sans-serif }</style>{{svg}}<pre id="found"></pre><script>
            const boxes = [...document.querySelectorAll('text')].map(text => [text, text.getBBox()]);
            const found = [];
            for (const [text, box] of boxes) {
              const frame = text.closest('g, a[aria-label]').querySelector('rect').getBBox();
              if (box.x < frame.x || box.x + box.width > frame.x + frame.width || box.y + 4 < frame.y || box.y + box.height - 4 > frame.y + frame.height) found.push('leaves: ' + text.textContent);
            }
            for (let one = 0; one < boxes.length; one++) for (let other = one + 1; other < boxes.length; other++) {
              const a = boxes[one][1], b = boxes[other][1];
              if (a.x < b.x + b.width && b.x < a.x + a.width && a.y + 3 < b.y + b.height - 3 && b.y + 3 < a.y + a.height - 3) found.push('overlap: ' + boxes[one][0].textContent + ' / ' + boxes[other][0].textContent);
            }
            document.getElementById('found').textContent = 'texts ' + boxes.length + '\n' + found.join('\n');
            </script>
            """, TestContext.Current.CancellationToken);
        var (document, _) = await browser.OpenAsync(page);
        var told = Found().Match(document).Groups["text"].Value.Trim().Split('\n');
        Assert.StartsWith("texts ", told[0], StringComparison.Ordinal);
        Assert.True(int.Parse(told[0][6..], CultureInfo.InvariantCulture) > 50, told[0]);
        Assert.Empty(told.Skip(1));
    }

    private async Task<string> WriteAsync(CaptureBuilder capture, string language, string name)
    {
        var report = new InventoryReport(await capture.ReadAsync(), [], null, CultureInfo.GetCultureInfo(language));
        var path = Path.Combine(_folder, name);
        await File.WriteAllBytesAsync(path, report.ToHtml(), TestContext.Current.CancellationToken);
        return path;
    }

    [GeneratedRegex("<svg .*?</svg>", RegexOptions.Singleline)]
    private static partial Regex Svg();

    [GeneratedRegex("<pre id=\"found\">(?<text>.*?)</pre>", RegexOptions.Singleline)]
    private static partial Regex Found();
}
