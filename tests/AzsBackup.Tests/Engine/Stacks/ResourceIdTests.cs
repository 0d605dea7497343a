using AzsBackup.Engine.Stacks;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Xunit;

namespace AzsBackup.Tests.Engine.Stacks;

public sealed class ResourceIdTests
{
    private const string Vm = "/subscriptions/s1/resourceGroups/app/providers/Microsoft.Compute/virtualMachines/web-1";

    [Fact]
    public void Parse_ChildResource_KnowsItsParentAndType()
    {
        var id = ResourceId.Parse(Vm + "/extensions/monitor");

        Assert.Equal("Microsoft.Compute/virtualMachines/extensions", id.Type);
        Assert.Equal("monitor", id.Name);
        Assert.Equal("web-1/monitor", id.FullName);
        Assert.Equal(ResourceId.Parse(Vm), id.Parent);
        Assert.False(id.IsExtension);
    }

    [Fact]
    public void Parse_ExtensionResource_HangsOnTheResourceItLocks()
    {
        var id = ResourceId.Parse(Vm + "/providers/Microsoft.Authorization/locks/keep");

        Assert.Equal("Microsoft.Authorization/locks", id.Type);
        Assert.Equal("keep", id.FullName);
        Assert.Equal(ResourceId.Parse(Vm), id.Parent);
        Assert.True(id.IsExtension);
    }

    [Fact]
    public void Parse_GroupAndSubscription_HaveTheirOwnTypes()
    {
        Assert.Equal("Microsoft.Resources/resourceGroups", ResourceId.Parse("/subscriptions/s1/resourceGroups/app").Type);
        Assert.Equal("Microsoft.Resources/subscriptions", ResourceId.Parse("/subscriptions/s1").Type);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("5f0c9b6e-8f0a-4c0e-9a43-1f1d5c6f7a10")]
    [InlineData("subscriptions/s1")]
    [InlineData("/subscriptions")]
    [InlineData("/subscriptions/s1/resourceGroups")]
    [InlineData("/subscriptions/s1/resourceGroups/app/web-1")]
    [InlineData("/subscriptions/s1/resourceGroups/app/providers/Microsoft.Compute/virtualMachines")]
    [InlineData("/subscriptions/s1/resourceGroups/app/providers/Compute/virtualMachines/web-1")]
    [InlineData("/subscriptions/s1//providers/Microsoft.Compute/virtualMachines/web-1")]
    public void TryParse_WhatIsNoId_IsRefused(string? text) => Assert.False(ResourceId.TryParse(text, out _));

    [Fact]
    public void Equals_OtherCasing_IsTheSameResource()
    {
        var spelled = ResourceId.Parse(Vm);
        var shouted = ResourceId.Parse(Vm.ToUpperInvariant());

        Assert.Equal(spelled, shouted);
        Assert.Equal(spelled.GetHashCode(), shouted.GetHashCode());
        Assert.Equal(Vm, spelled.ToString());
    }

    [Property]
    public Property TryParse_AnyText_NeverThrowsAndKeepsWhatItTakes() => Prop.ForAll<string?>(text =>
        !ResourceId.TryParse(text, out var id) || text!.TrimEnd('/') == id.ToString());
}
