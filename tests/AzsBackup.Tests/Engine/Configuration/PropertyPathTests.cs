using AzsBackup.Engine.Configuration;
using Xunit;

namespace AzsBackup.Tests.Engine.Configuration;

public sealed class PropertyPathTests
{
    [Fact]
    public void Parse_Arrays_AreSegmentsOfTheirOwn() =>
        Assert.Equal(["properties", "subnets", "[]", "properties", "prefixes", "[]", "*"], PropertyPath.Parse("properties.subnets[].properties.prefixes[].*").Segments);

    [Theory]
    [InlineData("")]
    [InlineData("a..b")]
    [InlineData("[]")]
    [InlineData("tags.*.name")]
    public void Parse_WhatIsNoPath_IsRefused(string text) => Assert.Throws<FormatException>(() => PropertyPath.Parse(text));

    [Fact]
    public void Set_WalkedWithABody_TellsWherePathsEnd()
    {
        var set = new PropertyPathSet([PropertyPath.Parse("a[].b"), PropertyPath.Parse("tags.*")]);

        Assert.True(set.Root.Property("A")!.Item()!.Property("B")!.EndsHere);
        Assert.False(set.Root.Property("a")!.Item()!.EndsHere);
        Assert.Null(set.Root.Property("a")!.Property("b"));
        Assert.True(set.Root.Property("tags")!.Property("any")!.Item()!.Property("thing")!.EndsHere);
        Assert.True(set.Contains(PropertyPath.Parse("a[].b")));
        Assert.False(set.Contains(PropertyPath.Parse("a[]")));
    }
}
