using AzsBackup.Engine.Backup;
using Xunit;

namespace AzsBackup.Tests.Engine.Backup;

public sealed class StackBoundaryTests
{
    [Theory]
    [InlineData("https://management.local.azurestack.external", "https://acct.blob.local.azurestack.external/c", true)]
    [InlineData("https://management.local.azurestack.external", "https://ACCT.Blob.Local.AzureStack.External:443/c", true)]
    [InlineData("https://management.local.azurestack.external", "https://acct.blob.east.azurestack.external/c", false)]
    [InlineData("https://management.local.azurestack.external", "https://acct.blob.notlocal.azurestack.external/c", false)]
    [InlineData("https://management.local.azurestack.external", "https://acct.blob.core.windows.net/c", false)]
    [InlineData("https://management.azure.com", "https://acct.blob.core.windows.net/c", false)]
    [InlineData("https://127.0.0.1:4000", "https://127.0.0.1:4000/acct/c", true)]
    [InlineData("https://127.0.0.1:4000", "http://127.0.0.1:10000/acct/c", false)]
    [InlineData("https://10.0.0.1", "https://10.0.0.1:8443/acct/c", true)]
    [InlineData("https://10.0.0.1", "https://11.0.0.1/acct/c", false)]
    [InlineData("https://management.local.azurestack.external", "file:///backups", false)]
    public void Holds_Addresses_AreToldApart(string arm, string storage, bool expected) =>
        Assert.Equal(expected, StackBoundary.Holds(new Uri(arm), new Uri(storage)));
}
