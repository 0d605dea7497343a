using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using AzsBackup.Engine.Inventory;
using AzsBackup.Model;
using AzsBackup.Tests.Engine.Fakes;
using Xunit;

namespace AzsBackup.Tests.Engine.Inventory;

public sealed partial class InventoryReportTests
{
    private const string Hostile = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>&amp;";

    [Theory]
    [InlineData(20, "en")]
    [InlineData(200, "ja")]
    public async Task ToHtml_EveryLink_HasItsTargetOnce(int resources, string language)
    {
        var html = await HtmlAsync(SampleTenant.Build(resources), language);
        var ids = Ids().Matches(html).Select(match => match.Groups["id"].Value).ToList();
        Assert.Equal(ids.Count, ids.Distinct().Count());
        var links = Links().Matches(html).Select(match => match.Groups["id"].Value).ToList();
        Assert.NotEmpty(links);
        Assert.Empty(links.Except(ids));
    }

    [Fact]
    public async Task ToHtml_HostileTexts_AreNeverMarkup()
    {
        var html = await HtmlAsync(HostileTenant.Build(Hostile), "en");
        Assert.DoesNotContain("<img", html, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(1, html.Split("<script").Length - 1);
        Assert.DoesNotContain("\"'>", html, StringComparison.Ordinal);
        Assert.Contains("&lt;script&gt;alert(1)&lt;", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ToHtml_NeedsAndMayLoadNothing()
    {
        var html = await HtmlAsync(SampleTenant.Build(20), "en");
        Assert.Contains("default-src &#39;none&#39;", html, StringComparison.Ordinal);
        Assert.DoesNotMatch("(?i)\\s(src|action|data|srcset|background)=|@import|url\\(|<link|<iframe", html);
        Assert.DoesNotContain(" style=", html, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("en")]
    [InlineData("ja")]
    public async Task Report_TheSameCapture_IsTheSameBytes(string language)
    {
        var (one, other) = (await ReportAsync(SampleTenant.Build(60), language), await ReportAsync(SampleTenant.Build(60), language));
        Assert.Equal(one.ToHtml(), other.ToHtml());
        foreach (var (name, table) in one.ToCsv()) Assert.Equal(table, other.ToCsv()[name]);
        Assert.DoesNotContain((byte)'\r', one.ToHtml());
    }

    [Fact]
    public async Task ToHtml_OfACaptureWithHoles_SaysWhatIsMissing()
    {
        var capture = SampleTenant.Build(20).Add(CaptureBuilder.Id("g", "Microsoft.Compute/disks", "lost"), status: AzsCaptureStatus.Failed, reason: "The stack said 500.")
            .Add($"{CaptureBuilder.Subscription}/providers/Microsoft.Authorization/locks", status: AzsCaptureStatus.Failed, reason: "The stack said 403.");
        var html = await HtmlAsync(capture, "en");
        Assert.Contains("The stack said 500.", html, StringComparison.Ordinal);
        Assert.Contains("The stack said 403.", html, StringComparison.Ordinal);
        Assert.DoesNotContain("Everything that was listed was captured whole.", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ToHtml_WithoutVaults_DoesNotCallVmsUnprotected()
    {
        var report = new InventoryReport(await SampleTenant.Build(20).ReadAsync(), null, null, CultureInfo.GetCultureInfo("en"));
        var html = Encoding.UTF8.GetString(report.ToHtml());
        Assert.Contains("No vault and no replica was looked at", html, StringComparison.Ordinal);
        Assert.DoesNotContain("protection.csv", report.ToCsv().Keys);
    }

    [Fact]
    public async Task ToCsv_TextsThatAreFormulas_AreTexts()
    {
        foreach (var formula in new[] { "=1+1", "+1", "-1", "@SUM(A1)", "\t=1" })
        {
            var files = (await ReportAsync(new CaptureBuilder().Add(CaptureBuilder.Id("g", "Contoso.Foreign/things", "x"), new { kind = formula, location = formula }), "en")).ToCsv();
            foreach (var file in files.Values) Assert.DoesNotMatch("(?m)(^|,|\")[=+@\\t-][1S=]", Encoding.UTF8.GetString(file));
            Assert.Contains("'" + formula, Encoding.UTF8.GetString(files["contoso.foreign_things.csv"]), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task ToCsv_AnyTenant_HasEveryResourceOnceAndRowsOfOneLength()
    {
        var capture = SampleTenant.Build(60);
        var files = (await ReportAsync(capture, "ja")).ToCsv();
        Assert.All(files.Values, file =>
        {
            Assert.Equal(Encoding.UTF8.GetPreamble(), file[..3]);
            var lines = Encoding.UTF8.GetString(file[3..]).Split("\r\n");
            Assert.Equal("", lines[^1]);
            Assert.All(lines[..^1], line => Assert.Equal(Quoted().Replace(lines[0], "").Count(letter => letter == ','), Quoted().Replace(line, "").Count(letter => letter == ',')));
        });
        Assert.Equal(capture.Count + 2, Encoding.UTF8.GetString(files["resources.csv"]).Split("\r\n").Length);
    }

    private static async Task<InventoryReport> ReportAsync(CaptureBuilder capture, string language) =>
        new(await capture.ReadAsync(), [], [], CultureInfo.GetCultureInfo(language));

    private static async Task<string> HtmlAsync(CaptureBuilder capture, string language) => Encoding.UTF8.GetString((await ReportAsync(capture, language)).ToHtml());

    [GeneratedRegex(" id=\"(?<id>[^\"]+)\"")]
    private static partial Regex Ids();

    [GeneratedRegex("href=\"#(?<id>[^\"]+)\"")]
    private static partial Regex Links();

    [GeneratedRegex("\"([^\"]|\"\")*\"")]
    private static partial Regex Quoted();
}
