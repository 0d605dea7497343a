using System.Net;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Xunit;

namespace AzsBackup.Tests.Emulator.Blobs;

/// <summary>Every field of a service SAS, beside and against a stored access policy.</summary>
public sealed class SasFieldTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Policy_GivesWhatTheSasLeavesOut_AndNothingTwice()
    {
        await using var host = await BlobServiceHost.StartAsync();
        await host.PageBlobAsync(512);
        var container = await host.ContainerAsync();
        await container.SetAccessPolicyAsync(permissions:
        [
            new BlobSignedIdentifier { Id = "all", AccessPolicy = new() { PolicyExpiresOn = host.Clock.GetUtcNow().AddHours(1), Permissions = "r" } },
            new BlobSignedIdentifier { Id = "time", AccessPolicy = new() { PolicyExpiresOn = host.Clock.GetUtcNow().AddHours(1) } },
        ], cancellationToken: Cancel);
        var expiry = host.Clock.GetUtcNow().AddHours(1).ToString("yyyy-MM-ddTHH:mm:ssZ", System.Globalization.CultureInfo.InvariantCulture);

        await ReadAsync(host, new() { ["si"] = "all" });
        await ReadAsync(host, new() { ["si"] = "time", ["sp"] = "r" });
        const string Both = "Access policy fields can be associated with signature or SAS identifier but not both";
        await RefusedAsync(host, new() { ["si"] = "all", ["sp"] = "r" }, Both);
        await RefusedAsync(host, new() { ["si"] = "all", ["se"] = expiry }, Both);
        await RefusedAsync(host, new() { ["si"] = "time" }, "Signed permissions (sp)");
        await RefusedAsync(host, new() { ["si"] = "none", ["sp"] = "r", ["se"] = expiry }, "is not found");
        await RefusedAsync(host, new() { ["sp"] = "r" }, "Signature expiry (se)");
    }

    [Theory]
    [InlineData("spr", "https", "AuthorizationProtocolMismatch")]
    [InlineData("spr", "https,http", null)]
    [InlineData("spr", "ftp", "AuthenticationFailed")]
    [InlineData("sip", "127.0.0.1", null)]
    [InlineData("sip", "127.0.0.0-127.0.0.9", null)]
    [InlineData("sip", "10.0.0.1", "AuthorizationSourceIPMismatch")]
    [InlineData("st", "2099-01-01T00:00:00Z", "AuthenticationFailed")]
    [InlineData("st", "2020-01-01", null)]
    [InlineData("se", "2020-01-01T00:00:00Z", "AuthenticationFailed")]
    public async Task Field_ThatBinds_IsHonoured(string field, string value, string? refusal)
    {
        await using var host = await BlobServiceHost.StartAsync();
        await host.PageBlobAsync(512);
        Dictionary<string, string> fields = new() { ["sp"] = "r", ["se"] = "2098-01-01T00:00:00Z", [field] = value };
        if (refusal is null)
            await ReadAsync(host, fields);
        else
            Assert.Equal(refusal, (await SendAsync(host, fields)).Headers.GetValues("x-ms-error-code").Single());
    }

    [Fact]
    public async Task Headers_OfTheSas_StandInForTheBlobs_AndWithoutASasMeanNothing()
    {
        await using var host = await BlobServiceHost.StartAsync();
        var blob = await host.PageBlobAsync(512);
        using var answer = await SendAsync(host, new()
        {
            ["sp"] = "r",
            ["se"] = "2098-01-01T00:00:00Z",
            ["rscc"] = "no-store",
            ["rscd"] = "attachment",
            ["rsce"] = "gzip",
            ["rscl"] = "ja",
            ["rsct"] = "text/plain",
        });
        var content = answer.Content.Headers;
        Assert.Equal(("no-store", "attachment", "gzip", "ja", "text/plain"), (answer.Headers.CacheControl!.ToString(), content.ContentDisposition!.ToString(), content.ContentEncoding.Single(), content.ContentLanguage.Single(), content.ContentType!.ToString()));
        await (await host.ContainerAsync()).SetAccessPolicyAsync(PublicAccessType.Blob, cancellationToken: Cancel);
        using var open = await host.Http.GetAsync(blob.Uri + "?rsct=text/html", Cancel);
        Assert.Equal("application/octet-stream", open.Content.Headers.ContentType!.ToString());
    }

    [Fact]
    public async Task AccountSas_AnotherService_IsRefused()
    {
        await using var host = await BlobServiceHost.StartAsync();
        await host.PageBlobAsync(512);
        var sas = SasText.Account(host.Key, "sco", "rl", host.Clock.GetUtcNow().AddHours(1));
        await new BlobServiceClient(new Uri(host.Root, $"{BlobServiceHost.Account}?{sas}"), BlobServiceHost.Options()).GetBlobContainerClient("things").GetBlobClient("disk.vhd").DownloadContentAsync(Cancel);
        using var forged = await host.Http.GetAsync(new Uri(host.Root, $"{BlobServiceHost.Account}/things/disk.vhd?{sas.Replace("ss=b", "ss=q", StringComparison.Ordinal)}"), Cancel);
        Assert.Equal(HttpStatusCode.Forbidden, forged.StatusCode);
    }

    private static async Task ReadAsync(BlobServiceHost host, Dictionary<string, string> fields)
    {
        using var answer = await SendAsync(host, fields);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(Cancel));
    }

    private static async Task RefusedAsync(BlobServiceHost host, Dictionary<string, string> fields, string detail)
    {
        using var answer = await SendAsync(host, fields);
        Assert.Equal((HttpStatusCode.Forbidden, "AuthenticationFailed"), (answer.StatusCode, answer.Headers.GetValues("x-ms-error-code").Single()));
        Assert.Contains(detail, await answer.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
    }

    private static Task<HttpResponseMessage> SendAsync(BlobServiceHost host, Dictionary<string, string> fields) =>
        host.Http.GetAsync(new Uri(host.Root, $"{BlobServiceHost.Account}/things/disk.vhd?{SasText.Container(host.Key, "things", fields)}"), Cancel);
}
