using System.Globalization;
using AzsBackup.Engine.Reporting;
using Xunit;

namespace AzsBackup.Tests.Engine.Reporting;

public sealed class ReportTextTests
{
    [Theory]
    [InlineData("en-GB", "en")]
    [InlineData("ja-JP", "ja")]
    [InlineData("de-DE", "en")]
    [InlineData("", "en")]
    public void For_ACulture_IsItsLanguageOrEnglish(string culture, string language) =>
        Assert.Equal(language, ReportText.For(CultureInfo.GetCultureInfo(culture)).Language);
}
