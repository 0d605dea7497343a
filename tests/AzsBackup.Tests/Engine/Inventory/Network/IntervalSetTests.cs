using AzsBackup.Engine.Inventory.Network;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Xunit;

namespace AzsBackup.Tests.Engine.Inventory.Network;

public sealed class IntervalSetTests
{
    [Property]
    public Property Operations_OnAnySets_AreThoseOfSetsOfNumbers() => Prop.ForAll(Sets, Sets, (one, other) =>
        Numbers(one.Union(other)).SetEquals(Numbers(one).Union(Numbers(other)))
        && Numbers(one.Intersect(other)).SetEquals(Numbers(one).Intersect(Numbers(other)))
        && Numbers(one.Except(other)).SetEquals(Numbers(one).Except(Numbers(other)))
        && one.Count == Numbers(one).Count);

    [Property]
    public Property Equality_OfSets_IsThatOfTheirNumbers() => Prop.ForAll(Sets, Sets, (one, other) => one.Equals(other) == Numbers(one).SetEquals(Numbers(other)));

    [Property]
    public Property Prefixes_OfAnyAddresses_MakeThemUp() => Prop.ForAll(Sets, set =>
        IntervalSet.Of(Ipv4.Prefixes(set).SelectMany(prefix => Ipv4.Parse(prefix)!.Intervals)).Equals(set));

    [Theory]
    [InlineData("10.20.1.7/24", "10.20.1.0/24")]
    [InlineData("0.0.0.0/0", "0.0.0.0/0")]
    [InlineData("255.255.255.255", "255.255.255.255")]
    [InlineData("10.0.0.4-10.0.0.9", "10.0.0.4/30 10.0.0.8/31")]
    public void Parse_WhatRulesSay_IsThoseAddresses(string text, string prefixes) => Assert.Equal(prefixes, string.Join(' ', Ipv4.Prefixes(Ipv4.Parse(text)!)));

    [Theory]
    [InlineData("Internet")]
    [InlineData("10.0.0")]
    [InlineData("10.0.0.256")]
    [InlineData("10.0.0.0/33")]
    [InlineData("")]
    public void Parse_OtherTexts_IsNothing(string text) => Assert.Null(Ipv4.Parse(text));

    private static Arbitrary<IntervalSet> Sets =>
        (from first in Gen.Choose(0, 60) from length in Gen.Choose(0, 9) select ((long)first, (long)(first + length))).ListOf().Select(IntervalSet.Of).ToArbitrary();

    private static HashSet<long> Numbers(IntervalSet set) => Enumerable.Range(0, 100).Select(number => (long)number).Where(set.Contains).ToHashSet();
}
