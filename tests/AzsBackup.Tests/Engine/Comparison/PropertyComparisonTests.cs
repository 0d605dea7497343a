using System.Text.Json.Nodes;
using AzsBackup.Engine.Comparison;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Xunit;

namespace AzsBackup.Tests.Engine.Comparison;

public sealed class PropertyComparisonTests
{
    [Property]
    public Property Compare_WithItself_FindsNothing() => Prop.ForAll(Bodies, text => Compare(text, text).Count == 0);

    [Property]
    public Property Compare_TheOtherWayRound_FindsTheSameTurnedRound() => Prop.ForAll(Bodies, Bodies, (one, other) =>
        Compare(one, other).Select(found => (found.Path.ToString(), Text(found.Reference), Text(found.Difference)))
            .SequenceEqual(Compare(other, one).Select(found => (found.Path.ToString(), Text(found.Difference), Text(found.Reference)))));

    [Property]
    public Property Differences_AppliedToTheReference_GiveTheDifference() => Prop.ForAll(Bodies, Bodies, (one, other) =>
    {
        var body = JsonNode.Parse(one)!.AsObject();
        foreach (var found in Compare(one, other).Reverse()) DifferenceApplication.Apply(body, found);
        return DifferenceApplication.Normal(body) == DifferenceApplication.Normal(JsonNode.Parse(other)!);
    });

    [Property]
    public Property Compare_ListsOfNamedItemsInAnyOrder_FindsNothing() => Prop.ForAll(Bodies, text =>
    {
        var turned = JsonNode.Parse(text)!.AsObject();
        var subnets = turned["subnets"]!.AsArray();
        turned["subnets"] = new JsonArray(subnets.Reverse().Select(item => item?.DeepClone()).ToArray());
        return Compare(text, turned.ToJsonString()).Count == 0;
    });

    [Theory]
    [InlineData("""{"p":{"subnets":[{"name":"web","p":{"prefix":"10.0.0.0/24"}},{"name":"db"}]}}""", """{"p":{"subnets":[{"name":"db"},{"name":"web","p":{"prefix":"10.0.1.0/24"}}]}}""", "p.subnets[name=web].p.prefix")]
    [InlineData("""{"tags":{"cost.center":"1"}}""", """{"tags":{"cost.center":"2"}}""", "tags['cost.center']")]
    [InlineData("""{"nics":[{"id":"/subscriptions/s/a"}]}""", """{"nics":[{"id":"/subscriptions/S/A"},{"id":"/subscriptions/s/b"}]}""", "nics[id=/subscriptions/s/b]")]
    [InlineData("""{"dataDisks":[{"lun":0,"size":1}]}""", """{"dataDisks":[{"lun":0,"size":2}]}""", "dataDisks[lun=0].size")]
    [InlineData("""{"dnsServers":["1","2"]}""", """{"dnsServers":["2","1"]}""", "dnsServers")]
    [InlineData("""{"rules":[{"a":1},{"a":2}]}""", """{"rules":[{"a":1},{"a":3}]}""", "rules[1].a")]
    public void Compare_OneThingChanged_FindsOnePath(string reference, string difference, string path) =>
        Assert.Equal(path, Assert.Single(Compare(reference, difference)).Path.ToString());

    [Theory]
    [InlineData("""{"destinationPortRanges":["80","443"]}""", """{"destinationPortRanges":["443","80"]}""")]
    [InlineData("""{"id":"/subscriptions/s/resourceGroups/APP"}""", """{"id":"/subscriptions/s/resourcegroups/app"}""")]
    [InlineData("""{"a":null,"b":{},"c":[]}""", "{}")]
    [InlineData("""{"size":1}""", """{"size":1.0}""")]
    public void Compare_TheSameInOtherWords_FindsNothing(string reference, string difference) => Assert.Empty(Compare(reference, difference));

    // Lists of named items, sets, ordered lists, maps and scalars, from few values so that much is equal. Nothing is empty or
    // null: that is the same as missing.
    private static Arbitrary<string> Bodies =>
        (from tags in Map
         from subnets in Subnets
         from ports in Gen.Elements("22", "80", "443").ArrayOf(2)
         from servers in Gen.Elements("1", "2").ArrayOf(2)
         from size in Gen.Choose(1, 3)
         select $$"""{"tags":{{tags}},"subnets":{{subnets}},"destinationPortRanges":["{{string.Join("\",\"", ports)}}"],"dnsServers":["{{string.Join("\",\"", servers)}}"],"size":{{size}}}""").ToArbitrary();

    private static Gen<string> Map =>
        from names in Gen.SubListOf("a", "b.c", "d'e", "]")
        from value in Gen.Elements("\"1\"", "true", "{\"x\":1}")
        select "{" + string.Join(',', names.Select(name => $"\"{name}\":{value}")) + "}";

    private static Gen<string> Subnets =>
        from names in Gen.SubListOf("web", "db", "gate]way", "a\\\\b")
        from map in Map
        select "[" + string.Join(',', names.Select(name => $$$"""{"name":"{{{name}}}","properties":{"tags":{{{map}}},"name":"{{{names.Count}}}"}}""")) + "]";

    private static IReadOnlyList<PropertyDifference> Compare(string reference, string difference) =>
        PropertyComparison.Compare(JsonNode.Parse(reference), JsonNode.Parse(difference));

    private static string? Text(JsonNode? node) => node?.ToJsonString();
}
