using AzsBackup.Emulator.Estates;
using AzsBackup.Emulator.Hosting;
using AzsBackup.Tests.Emulator.Hosting;
using Xunit;

namespace AzsBackup.Tests.Emulator.Estates;

public sealed class GeneratedEstateTests
{
    [Fact]
    public void Make_ASize_GivesSoManyResourcesAndAlwaysTheSame()
    {
        Assert.Equal(321, GeneratedEstate.Make(321)["resources"]!.AsArray().Select(resource => resource!["id"]!.GetValue<string>()).Distinct().Count());
        Assert.Equal(GeneratedEstate.Make(321).ToJsonString(), GeneratedEstate.Make(321).ToJsonString());
    }

    [Theory]
    [InlineData("generated:")]
    [InlineData("generated:0")]
    [InlineData("generated:many")]
    public async Task Start_SizeThatIsNone_IsRefused(string estate) =>
        await Assert.ThrowsAsync<EstateException>(() => StackHost.StartAsync(new EmulatedStackOptions { Estate = estate }));

    [Fact]
    public void CountOf_NameOfAFile_IsNone() => Assert.Null(GeneratedEstate.CountOf("sample"));
}
