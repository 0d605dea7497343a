using AzsBackup.Engine.Rebuild;
using Xunit;

namespace AzsBackup.Tests.Engine.Rebuild;

public sealed class AddressBookTests
{
    [Theory]
    [InlineData("10.0.0.0/24", "10.0.0.4", true)]
    [InlineData("10.0.0.0/24", "10.0.0.254", true)]
    [InlineData("10.0.0.0/24", "10.0.0.3", false)]
    [InlineData("10.0.0.0/24", "10.0.0.255", false)]
    [InlineData("10.0.0.0/24", "10.0.1.4", false)]
    [InlineData("10.0.1.128/29", "10.0.1.132", true)]
    [InlineData("10.0.1.128/29", "10.0.1.135", false)]
    [InlineData(null, "10.0.0.4", false)]
    [InlineData("10.0.0.0/24", "", false)]
    public void Fits_OnlyWhatASubnetGivesOut(string? prefix, string address, bool fits) => Assert.Equal(fits, AddressBook.Fits(prefix, address));
}
