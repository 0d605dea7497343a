using System.Net;
using Azure.Storage.Blobs.Models;
using Xunit;

namespace AzsBackup.Tests.Emulator.Blobs;

public sealed class ServicePropertiesTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Set_WhatIsNamed_ChangesAndTheRestStays()
    {
        await using var host = await BlobServiceHost.StartAsync();
        var client = host.Client();
        var properties = (await client.GetPropertiesAsync(Cancel)).Value;
        Assert.Empty(properties.Cors);
        Assert.False(properties.Logging.Read);
        properties.Logging.Read = true;
        properties.HourMetrics.Enabled = true;
        properties.HourMetrics.IncludeApis = true;
        properties.HourMetrics.RetentionPolicy = new() { Enabled = true, Days = 7 };
        properties.Cors.Add(Rule("https://portal.example", "GET,PUT"));
        properties.DefaultServiceVersion = "2017-11-09";
        await client.SetPropertiesAsync(properties, Cancel);
        // Azure's client always sends everything; others need not.
        var sas = SasText.Account(host.Key, "s", "w", host.Clock.GetUtcNow().AddHours(1));
        using var part = new StringContent("<StorageServiceProperties><Logging><Version>1.0</Version><Delete>false</Delete><Read>false</Read><Write>true</Write><RetentionPolicy><Enabled>false</Enabled></RetentionPolicy></Logging></StorageServiceProperties>");
        using var answer = await host.Http.PutAsync(new Uri(host.Root, $"{BlobServiceHost.Account}/?restype=service&comp=properties&{sas}"), part, Cancel);
        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);

        properties = (await client.GetPropertiesAsync(Cancel)).Value;
        Assert.Equal((false, true), (properties.Logging.Read, properties.Logging.Write));
        Assert.Equal(7, properties.HourMetrics.RetentionPolicy.Days);
        Assert.Equal("https://portal.example", Assert.Single(properties.Cors).AllowedOrigins);
        Assert.Equal("2017-11-09", properties.DefaultServiceVersion);
    }

    [Fact]
    public async Task Set_SoftDelete_IsRefused()
    {
        await using var host = await BlobServiceHost.StartAsync();
        var wish = new BlobServiceProperties { Cors = [], DeleteRetentionPolicy = new() { Enabled = true, Days = 3 } };
        await Refused.AsAsync(400, "UnsupportedXmlNode", () => host.Client().SetPropertiesAsync(wish, Cancel));
    }

    [Fact]
    public async Task Preflight_WithAFittingRule_IsAllowed_AndOthersAreNot()
    {
        await using var host = await BlobServiceHost.StartAsync();
        var blob = await host.PageBlobAsync(512);
        Assert.Equal(HttpStatusCode.Forbidden, (await PreflightAsync(host, blob.Uri, "https://portal.example", "GET")).StatusCode);
        await host.Client().SetPropertiesAsync(new BlobServiceProperties { Cors = [Rule("https://portal.example", "GET")] }, Cancel);

        using var allowed = await PreflightAsync(host, blob.Uri, "https://portal.example", "GET", "x-ms-range,x-ms-meta-a");
        Assert.Equal(HttpStatusCode.OK, allowed.StatusCode);
        Assert.Equal("https://portal.example", allowed.Headers.GetValues("Access-Control-Allow-Origin").Single());
        Assert.Equal("GET", allowed.Headers.GetValues("Access-Control-Allow-Methods").Single());
        Assert.Equal("60", allowed.Headers.GetValues("Access-Control-Max-Age").Single());
        Assert.Equal(HttpStatusCode.Forbidden, (await PreflightAsync(host, blob.Uri, "https://elsewhere.example", "GET")).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await PreflightAsync(host, blob.Uri, "https://portal.example", "PUT")).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await PreflightAsync(host, blob.Uri, "https://portal.example", "GET", "authorization")).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await PreflightAsync(host, blob.Uri, "https://portal.example", null)).StatusCode);
    }

    [Fact]
    public async Task Read_FromAnAllowedOrigin_TellsItSo()
    {
        await using var host = await BlobServiceHost.StartAsync();
        var blob = await host.PageBlobAsync(512);
        await host.Client().SetPropertiesAsync(new BlobServiceProperties { Cors = [Rule("https://portal.example", "GET")] }, Cancel);
        var sas = SasText.Service(host.Key, "b", "things", "disk.vhd", "r", host.Clock.GetUtcNow().AddHours(1));
        using var request = new HttpRequestMessage(HttpMethod.Get, blob.Uri + "?" + sas);
        request.Headers.Add("Origin", "https://portal.example");
        using var answer = await host.Http.SendAsync(request, Cancel);
        Assert.Equal("https://portal.example", answer.Headers.GetValues("Access-Control-Allow-Origin").Single());
        Assert.Contains("x-ms-blob-type", answer.Headers.GetValues("Access-Control-Expose-Headers").Single().Split(','));
        Assert.Equal("Origin", answer.Headers.GetValues("Vary").Single());
    }

    private static BlobCorsRule Rule(string origin, string methods) =>
        new() { AllowedOrigins = origin, AllowedMethods = methods, AllowedHeaders = "x-ms-*", ExposedHeaders = "x-ms-*", MaxAgeInSeconds = 60 };

    private static async Task<HttpResponseMessage> PreflightAsync(BlobServiceHost host, Uri uri, string origin, string? method, string? headers = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Options, uri);
        request.Headers.Add("Origin", origin);
        if (method is not null)
            request.Headers.Add("Access-Control-Request-Method", method);
        if (headers is not null)
            request.Headers.Add("Access-Control-Request-Headers", headers);
        return await host.Http.SendAsync(request, Cancel);
    }
}
