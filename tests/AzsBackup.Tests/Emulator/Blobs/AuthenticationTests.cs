using System.Net;
using System.Security.Cryptography;
using System.Xml.Linq;
using AzsBackup.Emulator.Blobs;
using Azure.Storage;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Specialized;
using Azure.Storage.Sas;
using Xunit;

namespace AzsBackup.Tests.Emulator.Blobs;

public sealed class AuthenticationTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task SharedKey_EitherKey_IsAccepted()
    {
        await using var host = await BlobServiceHost.StartAsync();
        var second = RandomNumberGenerator.GetBytes(64);
        host.Service.SetKeys(BlobServiceHost.Account, [host.Key, second]);
        await host.Client().GetAccountInfoAsync(Cancel);
        await host.Client(second).GetAccountInfoAsync(Cancel);
        host.Service.SetKeys(BlobServiceHost.Account, [second]);
        await Refused.AsAsync(403, "AuthenticationFailed", () => host.Client().GetAccountInfoAsync(Cancel));
    }

    [Fact]
    public async Task SharedKey_AccountInTheHostName_IsTheSameAccount()
    {
        await using var host = await BlobServiceHost.StartAsync();
        var container = host.HostStyleClient().GetBlobContainerClient("things");
        await container.CreateAsync(cancellationToken: Cancel);
        await container.GetBlobClient("dir/a b").UploadAsync(BinaryData.FromString("text"), Cancel);
        Assert.Equal("text", (await host.Client().GetBlobContainerClient("things").GetBlobClient("dir/a b").DownloadContentAsync(Cancel)).Value.Content.ToString());
    }

    [Fact]
    public async Task SharedKey_WrongKey_IsRefused()
    {
        await using var host = await BlobServiceHost.StartAsync();
        await Refused.AsAsync(403, "AuthenticationFailed", () => host.Client(RandomNumberGenerator.GetBytes(64)).GetAccountInfoAsync(Cancel));
    }

    [Fact]
    public async Task SharedKey_ClockFarOff_IsRefused()
    {
        await using var host = await BlobServiceHost.StartAsync();
        host.Clock.Ahead = TimeSpan.FromMinutes(16);
        await Refused.AsAsync(403, "AuthenticationFailed", () => host.Client().GetAccountInfoAsync(Cancel));
    }

    [Theory]
    [InlineData("a b+c%2Fd/ü&=é.bin")]
    [InlineData("two//slashes/and.dots.")]
    [InlineData("plain")]
    public async Task SharedKey_AnyBlobName_RoundTrips(string name)
    {
        await using var host = await BlobServiceHost.StartAsync();
        var container = await host.ContainerAsync();
        await container.GetBlobClient(name).UploadAsync(BinaryData.FromString("text"), Cancel);
        Assert.Equal("text", (await container.GetBlobClient(name).DownloadContentAsync(Cancel)).Value.Content.ToString());
        var listed = new List<string>();
        await foreach (var blob in container.GetBlobsAsync(cancellationToken: Cancel))
            listed.Add(blob.Name);
        Assert.Equal([name], listed);
    }

    [Fact]
    public async Task Version_NewerThanTheStamps_IsRefusedByName()
    {
        await using var host = await BlobServiceHost.StartAsync();
        var refusal = await Refused.AsAsync(400, "InvalidHeaderValue", () => host.Client(version: BlobClientOptions.ServiceVersion.V2019_12_12).GetAccountInfoAsync(Cancel));
        var error = XDocument.Parse(refusal.GetRawResponse()!.Content.ToString().TrimStart('\uFEFF')).Root!;
        Assert.Equal("x-ms-version", error.Element("HeaderName")!.Value);
        Assert.Equal("2019-12-12", error.Element("HeaderValue")!.Value);
    }

    [Theory]
    [InlineData("2015-04-05")]
    [InlineData("2018-03-28")]
    [InlineData("2018-11-09")]
    [InlineData("2019-07-07")]
    public async Task ServiceSas_OfEveryLayout_OpensItsBlobOnly(string version)
    {
        await using var host = await BlobServiceHost.StartAsync();
        var blob = await host.PageBlobAsync(1024, "dir/a b.vhd");
        await host.PageBlobAsync(1024, "other.vhd");
        var sas = SasText.Service(host.Key, "b", "things", "dir/a b.vhd", "r", host.Clock.GetUtcNow().AddHours(1), version);

        // Without the version header the SAS's own version applies.
        var answer = await host.Http.GetAsync(new Uri(blob.Uri + "?" + sas), Cancel);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(version, answer.Headers.GetValues("x-ms-version").Single());
        Assert.Equal(1024, (await answer.Content.ReadAsByteArrayAsync(Cancel)).Length);

        var client = new PageBlobClient(new Uri(blob.Uri + "?" + sas), BlobServiceHost.Options());
        await Refused.AsAsync(403, "AuthorizationPermissionMismatch", () => client.ClearPagesAsync(new(0, 512), cancellationToken: Cancel));
        await Refused.AsAsync(403, "AuthorizationPermissionMismatch", () => client.DeleteAsync(cancellationToken: Cancel));
        var other = new BlobClient(new Uri(host.Root, $"{BlobServiceHost.Account}/things/other.vhd?{sas}"), BlobServiceHost.Options());
        await Refused.AsAsync(403, "AuthenticationFailed", () => other.DownloadContentAsync(Cancel));
    }

    [Fact]
    public async Task ServiceSas_Expired_IsRefused()
    {
        await using var host = await BlobServiceHost.StartAsync();
        var blob = await host.PageBlobAsync(1024);
        var sas = SasText.Service(host.Key, "b", "things", "disk.vhd", "r", host.Clock.GetUtcNow().AddHours(1));
        var client = new PageBlobClient(new Uri(blob.Uri + "?" + sas), BlobServiceHost.Options());
        await client.DownloadContentAsync(Cancel);
        host.Clock.Ahead = TimeSpan.FromMinutes(61);
        await Refused.AsAsync(403, "AuthenticationFailed", () => client.DownloadContentAsync(Cancel));
    }

    [Fact]
    public async Task ServiceSas_OneSignedFieldChanged_IsRefused()
    {
        await using var host = await BlobServiceHost.StartAsync();
        var blob = await host.PageBlobAsync(1024);
        var sas = SasText.Service(host.Key, "b", "things", "disk.vhd", "r", host.Clock.GetUtcNow().AddHours(1));
        foreach (var forged in new[] { sas.Replace("sp=r", "sp=rw", StringComparison.Ordinal), sas + "&rsct=text/html", sas.Replace("sr=b", "sr=c", StringComparison.Ordinal), sas.Replace("sv=2019-07-07", "sv=2019-02-02", StringComparison.Ordinal) })
            await Refused.AsAsync(403, "AuthenticationFailed", () => new BlobClient(new Uri(blob.Uri + "?" + forged), BlobServiceHost.Options()).DownloadContentAsync(Cancel));
    }

    [Fact]
    public async Task ServiceSas_ForASnapshot_OpensTheSnapshotOnly()
    {
        await using var host = await BlobServiceHost.StartAsync();
        var blob = await host.PageBlobAsync(1024);
        var snapshot = (await blob.CreateSnapshotAsync(cancellationToken: Cancel)).Value.Snapshot;
        var sas = SasText.Service(host.Key, "bs", "things", "disk.vhd", "r", host.Clock.GetUtcNow().AddHours(1), snapshot: snapshot);
        await new BlobClient(new Uri($"{blob.Uri}?snapshot={Uri.EscapeDataString(snapshot)}&{sas}"), BlobServiceHost.Options()).DownloadContentAsync(Cancel);
        await Refused.AsAsync(403, "AuthenticationFailed", () => new BlobClient(new Uri(blob.Uri + "?" + sas), BlobServiceHost.Options()).DownloadContentAsync(Cancel));
    }

    [Fact]
    public async Task ContainerSas_CreateAndList_CannotOverwriteReadOrDelete()
    {
        await using var host = await BlobServiceHost.StartAsync();
        var container = await host.ContainerAsync();
        var sas = SasText.Service(host.Key, "c", "things", null, "cl", host.Clock.GetUtcNow().AddHours(1));
        var client = new BlobContainerClient(new Uri(container.Uri + "?" + sas), BlobServiceHost.Options());
        var blob = client.GetBlobClient("new");
        await blob.UploadAsync(BinaryData.FromString("1"), Cancel);
        await Refused.AsAsync(403, "UnauthorizedBlobOverwrite", () => blob.UploadAsync(BinaryData.FromString("2"), overwrite: true, Cancel));
        await Refused.AsAsync(403, "AuthorizationPermissionMismatch", () => blob.DownloadContentAsync(Cancel));
        await Refused.AsAsync(403, "AuthorizationPermissionMismatch", () => blob.DeleteAsync(cancellationToken: Cancel));
        await Refused.AsAsync(403, "AuthorizationFailure", () => client.DeleteAsync(cancellationToken: Cancel));
        var names = new List<string>();
        await foreach (var item in client.GetBlobsAsync(cancellationToken: Cancel))
            names.Add(item.Name);
        Assert.Equal(["new"], names);
    }

    [Fact]
    public async Task AccountSas_ResourceTypes_AreEnforced()
    {
        await using var host = await BlobServiceHost.StartAsync();
        await host.PageBlobAsync(1024);
        BlobServiceClient With(string types, string permissions) =>
            new(new Uri(host.Root, $"{BlobServiceHost.Account}?{SasText.Account(host.Key, types, permissions, host.Clock.GetUtcNow().AddHours(1))}"), BlobServiceHost.Options());
        await With("o", "r").GetBlobContainerClient("things").GetBlobClient("disk.vhd").DownloadContentAsync(Cancel);
        await Refused.AsAsync(403, "AuthorizationResourceTypeMismatch", () => With("o", "rc").GetBlobContainerClient("fresh").CreateAsync(cancellationToken: Cancel));
        await With("c", "c").GetBlobContainerClient("fresh").CreateAsync(cancellationToken: Cancel);
        await Refused.AsAsync(403, "AuthorizationPermissionMismatch", () => With("sco", "r").GetBlobContainerClient("fresh").DeleteAsync(cancellationToken: Cancel));
    }

    [Fact]
    public async Task Sas_SignedByAzuresOwnClient_IsAccepted()
    {
        // The client signs with its own newest version, whatever it is asked for: a service that knows that version proves our reading of the text signed.
        var newest = System.Web.HttpUtility.ParseQueryString(new BlobClient(new Uri("http://localhost/a/b/c"), new StorageSharedKeyCredential("a", "AAAA")).GenerateSasUri(BlobSasPermissions.Read, DateTimeOffset.UnixEpoch).Query)["sv"]!;
        await using var host = await BlobServiceHost.StartAsync(new BlobServiceOptions { Versions = [newest, .. new BlobServiceOptions().Versions] });
        var blob = await host.PageBlobAsync(1024, "a b/ü.vhd");
        var expiry = host.Clock.GetUtcNow().AddHours(1);
        var snapshot = blob.WithSnapshot((await blob.CreateSnapshotAsync(cancellationToken: Cancel)).Value.Snapshot);

        await new BlobClient(blob.GenerateSasUri(BlobSasPermissions.Read, expiry), BlobServiceHost.Options()).DownloadContentAsync(Cancel);
        await new BlobClient(snapshot.GenerateSasUri(BlobSasPermissions.Read, expiry), BlobServiceHost.Options()).DownloadContentAsync(Cancel);
        var container = (await host.ContainerAsync()).GenerateSasUri(BlobContainerSasPermissions.Read | BlobContainerSasPermissions.List, expiry);
        await new BlobContainerClient(container, BlobServiceHost.Options()).GetBlobClient("a b/ü.vhd").DownloadContentAsync(Cancel);
        var account = host.Client().GenerateAccountSasUri(AccountSasPermissions.Read, expiry, AccountSasResourceTypes.All);
        await new BlobServiceClient(account, BlobServiceHost.Options()).GetBlobContainerClient("things").GetBlobClient("a b/ü.vhd").DownloadContentAsync(Cancel);
    }

    [Fact]
    public async Task Anonymous_PrivateContainer_IsNotAdmittedToExist()
    {
        await using var host = await BlobServiceHost.StartAsync();
        var blob = await host.PageBlobAsync(1024);
        await Refused.AsAsync(404, "ResourceNotFound", () => new BlobClient(blob.Uri, BlobServiceHost.Options()).DownloadContentAsync(Cancel));
    }
}
