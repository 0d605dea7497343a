using AzsBackup.Engine.Rebuild;
using Xunit;

namespace AzsBackup.Tests.Engine.Rebuild;

public sealed class VmMapTests
{
    private static readonly VmMap Same = new() { SubscriptionId = "s", ResourceGroupName = "g" };

    [Theory]
    [InlineData(null, "", "web-1-nic", "web-1-nic")]
    [InlineData("WEB-1", "", "web-1-nic", "web-1-nic")]
    [InlineData("copy", "", "web-1-nic", "copy-nic")]
    [InlineData("copy", "", "Web-1_OsDisk", "copy_OsDisk")]
    [InlineData("copy", "", "front", "copy-front")]
    [InlineData("copy", "x-", "web-1-nic", "x-web-1-nic")]
    [InlineData("copy", "x-", "mapped", "wanted")]
    public void NameFor_MapPrefixAndVmName_InThisOrder(string? vmName, string prefix, string name, string expected) =>
        Assert.Equal(expected, (Same with { VmName = vmName, NamePrefix = prefix, Names = new Dictionary<string, string> { ["MAPPED"] = "wanted" } }).NameFor(name, "web-1"));
}
