using System.Diagnostics;
using System.Globalization;
using System.Text;
using AzsBackup.Engine.Comparison;
using AzsBackup.Engine.Inventory;
using AzsBackup.Tests.Engine.Fakes;
using Xunit;

namespace AzsBackup.Tests.Engine.Inventory;

public sealed class InventoryScaleTests
{
    [LongFact]
    public async Task TenThousandResources_AreComparedAndShownWhole()
    {
        var capture = SampleTenant.Build(10_000);
        var began = Stopwatch.GetTimestamp();
        var comparison = new ResourceComparison(capture.Build(), capture.Build(), new ComparisonOptions());
        Assert.Empty(await comparison.RunAsync(TestContext.Current.CancellationToken).ToListAsync(TestContext.Current.CancellationToken));
        Tell("comparison", began);
        began = Stopwatch.GetTimestamp();
        var report = new InventoryReport(await capture.ReadAsync(), [], [], CultureInfo.InvariantCulture);
        var html = report.ToHtml();
        Tell($"page of {html.Length >> 10} KiB", began);
        began = Stopwatch.GetTimestamp();
        var lines = Encoding.UTF8.GetString(report.ToCsv()["resources.csv"]).Split("\r\n").Length;
        Tell("tables", began);
        Assert.Equal(capture.Count + 2, lines);
        Assert.InRange(html.Length, 1 << 20, 20 << 20);
    }

    private static void Tell(string what, long began) => TestContext.Current.TestOutputHelper?.WriteLine(
        string.Create(CultureInfo.InvariantCulture, $"{what}: {Stopwatch.GetElapsedTime(began).TotalSeconds:0.0} s"));
}
