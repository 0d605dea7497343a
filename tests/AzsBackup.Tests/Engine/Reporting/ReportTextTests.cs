using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using AzsBackup.Engine.Reporting;
using Xunit;

namespace AzsBackup.Tests.Engine.Reporting;

public sealed partial class ReportTextTests
{
    [Theory]
    [InlineData("en-GB", "en")]
    [InlineData("ja-JP", "ja")]
    [InlineData("de-DE", "en")]
    [InlineData("", "en")]
    public void For_ACulture_IsItsLanguageOrEnglish(string culture, string language) =>
        Assert.Equal(language, ReportText.For(CultureInfo.GetCultureInfo(culture)).Language);

    [Fact]
    public void Texts_OfBothLanguages_HaveTheSameKeysAndPlaces()
    {
        var (english, japanese) = (Read("en"), Read("ja"));
        Assert.Equal(english.Keys.Order(StringComparer.Ordinal), japanese.Keys.Order(StringComparer.Ordinal));
        Assert.All(english, text => Assert.Equal(Places(text.Value), Places(japanese[text.Key])));
    }

    private static List<string> Places(string text) => Place().Matches(text).Select(match => match.Value).Order(StringComparer.Ordinal).ToList();

    private static Dictionary<string, string> Read(string language) => JsonSerializer.Deserialize<Dictionary<string, string>>(
        typeof(ReportText).Assembly.GetManifestResourceStream($"texts-{language}.json")!)!;

    [GeneratedRegex(@"\{\d\}")]
    private static partial Regex Place();
}
