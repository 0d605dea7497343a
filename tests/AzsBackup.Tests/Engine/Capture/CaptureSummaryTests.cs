using AzsBackup.Engine.Capture;
using AzsBackup.Model;
using Xunit;

namespace AzsBackup.Tests.Engine.Capture;

public sealed class CaptureSummaryTests
{
    [Fact]
    public void FindFailure_ManyMissing_SaysHowManyAndNamesTheFirst()
    {
        var summary = new CaptureSummary();
        for (var i = 0; i < 100; i++) summary.Add(Result(i, i < 7 ? AzsCaptureStatus.Failed : i < 9 ? AzsCaptureStatus.Partial : AzsCaptureStatus.Captured));

        var failure = summary.FindFailure("here")!;

        Assert.StartsWith("Of 100 resources, 7 are missing and 2 are not whole in the export: /r/0: why", failure.Message, StringComparison.Ordinal);
        Assert.EndsWith("And 4 more.", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(AzsCaptureStatus.Captured)]
    [InlineData(AzsCaptureStatus.Skipped)]
    public void FindFailure_NothingMissing_IsNull(AzsCaptureStatus status)
    {
        var summary = new CaptureSummary();
        summary.Add(Result(1, status));

        Assert.Null(summary.FindFailure("here"));
    }

    private static AzsResourceConfig Result(int number, AzsCaptureStatus status) =>
        new() { ResourceId = $"/r/{number}", Type = "t", Name = "n", Status = status, Reason = "why" };
}
