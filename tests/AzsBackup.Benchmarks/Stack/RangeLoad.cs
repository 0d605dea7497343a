using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography.X509Certificates;

namespace AzsBackup.Benchmarks.Stack;

/// <summary>A client that keeps so many requests for ranges of 4 MiB in flight, and throws the bytes away.</summary>
internal sealed class RangeLoad : IDisposable
{
    public const int RangeLength = 4 << 20;
    private readonly HttpClient _client;
    private readonly int _ranges;

    /// <param name="authority">The one authority whose certificates are believed.</param>
    /// <param name="length">Bytes of what is read; a multiple of 4 MiB.</param>
    public RangeLoad(X509Certificate2 authority, long length)
    {
        _ranges = (int)(length / RangeLength);
        _client = new HttpClient(new SocketsHttpHandler
        {
            SslOptions =
            {
                CertificateChainPolicy = new X509ChainPolicy
                {
                    TrustMode = X509ChainTrustMode.CustomRootTrust,
                    RevocationMode = X509RevocationMode.NoCheck,
                    CustomTrustStore = { authority },
                },
            },
        });
    }

    public HttpClient Client => _client;

    /// <summary>Reads for a while.</summary>
    public Task<Throughput> ReadAsync(Uri uri, int inFlight, TimeSpan time, CancellationToken cancellationToken) =>
        RunAsync(inFlight, time, (index, buffer) => ReadAsync(uri, (long)(index % _ranges) * RangeLength, buffer, cancellationToken));

    /// <summary>Writes pages for a while, in requests of 4 MiB.</summary>
    public Task<Throughput> WriteAsync(Uri pages, int inFlight, TimeSpan time, CancellationToken cancellationToken) =>
        RunAsync(inFlight, time, (index, buffer) => WriteAsync(pages, (long)(index % _ranges) * RangeLength, buffer, cancellationToken));

    /// <summary>Puts 4 MiB of a page blob.</summary>
    public async Task WriteAsync(Uri pages, long offset, byte[] bytes, CancellationToken cancellationToken)
    {
        using HttpRequestMessage request = new(HttpMethod.Put, pages) { Content = new ByteArrayContent(bytes, 0, RangeLength) };
        request.Headers.Add("x-ms-version", "2019-07-07");
        request.Headers.Add("x-ms-page-write", "update");
        request.Headers.Add("x-ms-range", $"bytes={offset}-{offset + RangeLength - 1}");
        using HttpResponseMessage response = await _client.SendAsync(request, cancellationToken);
        response.EnsureSuccessStatusCode();
    }

    public void Dispose() => _client.Dispose();

    private static async Task<Throughput> RunAsync(int inFlight, TimeSpan time, Func<int, byte[], Task> act)
    {
        int next = -1;
        long start = Stopwatch.GetTimestamp();
        TimeSpan spent = Environment.CpuUsage.TotalTime;
        async Task WorkAsync()
        {
            byte[] buffer = new byte[RangeLength];
            while (Stopwatch.GetElapsedTime(start) < time)
                await act(Interlocked.Increment(ref next), buffer);
        }

        await Task.WhenAll(Enumerable.Range(0, inFlight).Select(_ => Task.Run(WorkAsync)));
        double mebibytes = (next + 1) * (RangeLength / 1048576.0);
        return new Throughput(mebibytes / Stopwatch.GetElapsedTime(start).TotalSeconds, (Environment.CpuUsage.TotalTime - spent).TotalSeconds * 1024 / mebibytes);
    }

    private async Task ReadAsync(Uri uri, long offset, byte[] buffer, CancellationToken cancellationToken)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, uri);
        request.Headers.Range = new RangeHeaderValue(offset, offset + RangeLength - 1);
        request.Headers.Add("x-ms-version", "2019-07-07");
        using HttpResponseMessage response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        if (response.StatusCode != HttpStatusCode.PartialContent)
            throw new HttpRequestException($"{uri.AbsolutePath} answered {(int)response.StatusCode}.");
        using Stream body = await response.Content.ReadAsStreamAsync(cancellationToken);
        await body.ReadExactlyAsync(buffer, cancellationToken);
    }
}
