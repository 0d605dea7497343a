using AzsBackup.Engine.Disks;
using AzsBackup.Model;
using Xunit;

namespace AzsBackup.Tests.Engine.Disks;

public sealed class DiskSelectionTests
{
    private static readonly (string Name, int? Lun)[] Disks = [("web-os", null), ("web-data", 0), ("web-logs", 7)];

    [Theory]
    [InlineData(new string[0], new string[0], new[] { "web-os", "web-data", "web-logs" })]
    [InlineData(new[] { "os" }, new string[0], new[] { "web-os" })]
    [InlineData(new[] { "7", "WEB-DATA" }, new string[0], new[] { "web-data", "web-logs" })]
    [InlineData(new string[0], new[] { "0" }, new[] { "web-os", "web-logs" })]
    [InlineData(new[] { "os", "0" }, new[] { "web-os" }, new[] { "web-data" })]
    public void Choose_ByOsLunOrName_KeepsTheDisksOrder(string[] include, string[] exclude, string[] expected) =>
        Assert.Equal(expected, Choose(include, exclude).Select(disk => disk.Name));

    [Fact]
    public void Choose_NameOfNoDisk_NamesTheDisksThereAre()
    {
        var error = Assert.Throws<AzsException>(() => Choose(["3"], []));

        Assert.Equal("DiskNotInVm", error.ErrorId);
        Assert.All(Disks, disk => Assert.Contains(disk.Name, error.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void Choose_NothingLeft_IsRefused() =>
        Assert.Equal("NoDiskLeft", Assert.Throws<AzsException>(() => Choose(["os"], ["os"])).ErrorId);

    private static IReadOnlyList<(string Name, int? Lun)> Choose(string[] include, string[] exclude) =>
        new DiskSelection { Include = include, Exclude = exclude }.Choose("web", Disks, disk => disk);
}
