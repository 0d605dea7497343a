using AzsBackup.Azure.Vaults;
using AzsBackup.Model;
using Xunit;

namespace AzsBackup.Tests.Azure.Vaults;

public sealed class ContainerAddressTests
{
    [Theory]
    [InlineData("https://a.blob.core.windows.net/c?sv=1&sig=CANARY", "https://a.blob.core.windows.net/c", "https://a.blob.core.windows.net/c/x/y?sv=1&sig=CANARY")]
    [InlineData("https://a.blob.core.windows.net/c/?sig=CANARY%2B%3D", "https://a.blob.core.windows.net/c", "https://a.blob.core.windows.net/c/x/y?sig=CANARY%2B%3D")]
    [InlineData("http://127.0.0.1:10000/account/c?SIG=CANARY", "http://127.0.0.1:10000/account/c", "http://127.0.0.1:10000/account/c/x/y?SIG=CANARY")]
    public void UriOf_SignedContainer_KeepsTheSasAndTheLocationDoesNot(string uri, string location, string ofObject)
    {
        var address = new ContainerAddress(new Uri(uri), hasKey: false);
        Assert.Equal((location, ofObject), (address.Location, address.UriOf("x/y").AbsoluteUri));
    }

    [Theory]
    [InlineData("https://a.blob.core.windows.net/c", "ContainerSasMissing")]
    [InlineData("https://a.blob.core.windows.net/c?sv=1", "ContainerSasMissing")]
    [InlineData("https://a.blob.core.windows.net/?sig=CANARY", "ContainerUriInvalid")]
    [InlineData("https://CANARY@a.blob.core.windows.net/c?sig=CANARY", "ContainerUriInvalid")]
    [InlineData("http://a.blob.core.windows.net/c?sig=CANARY", "ContainerUriNotHttps")]
    [InlineData("ftp://a.blob.core.windows.net/c?sig=CANARY", "ContainerUriInvalid")]
    [InlineData("c?sig=CANARY", "ContainerUriInvalid")]
    public void New_UnusableUri_IsRefusedWithoutShowingTheSas(string uri, string errorId)
    {
        var failure = Assert.Throws<AzsException>(() => new ContainerAddress(new Uri(uri, UriKind.RelativeOrAbsolute), hasKey: false));
        Assert.Equal((AzsErrorKind.InvalidInput, errorId), (failure.Kind, failure.ErrorId));
        Assert.DoesNotContain("CANARY", failure.ToString() + failure.Target, StringComparison.Ordinal);
    }

    [Fact]
    public void New_SasAndKey_AreRefused() => Assert.Equal(
        "ContainerUriInvalid",
        Assert.Throws<AzsException>(() => new ContainerAddress(new Uri("https://a.blob.core.windows.net/c?sig=x"), hasKey: true)).ErrorId);
}
