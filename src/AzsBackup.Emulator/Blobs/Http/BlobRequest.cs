using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using AzsBackup.Emulator.Blobs.Authentication;
using AzsBackup.Emulator.Blobs.Store;
using Microsoft.AspNetCore.Http.Features;

namespace AzsBackup.Emulator.Blobs.Http;

/// <summary>One request, in the service's terms, and the answer to it.</summary>
internal sealed class BlobRequest
{
    private StorageAccount? _account;

    public BlobRequest(HttpContext context, string account, bool isPathStyle)
    {
        Context = context;
        IsPathStyle = isPathStyle;
        var target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        var query = target.IndexOf('?', StringComparison.Ordinal);
        RawPath = query < 0 ? target : target[..query];
        Address = BlobAddress.Parse(account, RawPath, isPathStyle, Query("restype") == "container");
    }

    public HttpContext Context { get; }

    public bool IsPathStyle { get; }

    /// <summary>The path as it came over the wire, which is what signatures are made of.</summary>
    public string RawPath { get; }

    public BlobAddress Address { get; }

    /// <summary>The service version that applies to this request.</summary>
    public string Version { get; set; } = "";

    /// <summary>What the request's credentials allow; set once they have been checked.</summary>
    public Access Access { get; set; } = Access.None;

    /// <summary>The account; there is one once authentication has passed.</summary>
    public StorageAccount Account
    {
        get => _account ?? throw new InvalidOperationException("The request has not been authenticated.");
        set => _account = value;
    }

    public string Method => Context.Request.Method;

    public string? Snapshot => Query("snapshot");

    /// <summary>Metadata headers, in the order and case they came in.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Metadata =>
        [.. Context.Request.Headers
            .Where(h => h.Key.StartsWith("x-ms-meta-", StringComparison.OrdinalIgnoreCase))
            .Select(h => KeyValuePair.Create(h.Key["x-ms-meta-".Length..], h.Value.ToString()))];

    public string? Query(string name) => Context.Request.Query.TryGetValue(name, out var value) ? value.ToString() : null;

    public string? Header(string name) => Context.Request.Headers.TryGetValue(name, out var value) && value.Count > 0 ? value.ToString() : null;

    /// <summary>A header that holds a number of at least 0; null if it is absent.</summary>
    public long? NumberHeader(string name)
    {
        if (Header(name) is not { } text)
            return null;
        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : throw BlobErrors.InvalidHeaderValue(name, text);
    }

    /// <summary>The container named; refuses the request if there is none.</summary>
    public BlobContainer Container() => Account.Find(Address.Container) ?? throw BlobErrors.ContainerNotFound();

    /// <summary>Bytes in the body, which must be said and at most so many.</summary>
    public long ContentLength(long limit)
    {
        var length = Context.Request.ContentLength ?? throw BlobErrors.MissingContentLength();
        return length <= limit ? length : throw BlobErrors.RequestBodyTooLarge(limit);
    }

    /// <summary>Hands the body on in pieces, through a pooled buffer; checks Content-MD5 if it was sent.</summary>
    /// <returns>The MD5 in base64; null if it was neither sent nor wanted.</returns>
    public async Task<string?> CopyBodyAsync(Stream target, long length, bool computeMd5)
    {
        var sent = SentMd5();
        using var md5 = sent is not null || computeMd5 ? IncrementalHash.CreateHash(HashAlgorithmName.MD5) : null;
        var buffer = ArrayPool<byte>.Shared.Rent(256 * 1024);
        try
        {
            while (length > 0)
            {
                var read = await Context.Request.Body.ReadAsync(buffer.AsMemory(0, (int)Math.Min(buffer.Length, length)), Context.RequestAborted);
                if (read == 0)
                    throw BlobErrors.IncompleteBody();
                md5?.AppendData(buffer, 0, read);
                await target.WriteAsync(buffer.AsMemory(0, read), Context.RequestAborted);
                length -= read;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        return md5 is null ? null : Compare(sent, Convert.ToBase64String(md5.GetHashAndReset()));
    }

    /// <summary>Fills the buffer with the body, which must be as long; checks Content-MD5 if it was sent. Nothing may be changed before this has returned.</summary>
    /// <returns>The MD5 in base64; null if it was neither sent nor wanted.</returns>
    public async Task<string?> ReadBodyAsync(Memory<byte> buffer, bool computeMd5)
    {
        var sent = SentMd5();
        if (await Context.Request.Body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, Context.RequestAborted) < buffer.Length)
            throw BlobErrors.IncompleteBody();
        return sent is null && !computeMd5 ? null : Compare(sent, ContentMd5.Of(buffer.Span));
    }

    /// <summary>Answers with no body.</summary>
    public void Answer(int status)
    {
        Context.Response.StatusCode = status;
        if (status != StatusCodes.Status304NotModified)
            Context.Response.ContentLength = 0;
    }

    public void SetHeader(string name, string? value)
    {
        if (value is not null)
            Context.Response.Headers[name] = value;
    }

    /// <summary>ETag and Last-Modified.</summary>
    public void SetVersionHeaders(BlobProperties properties)
    {
        SetHeader("ETag", properties.ETag.Quoted);
        SetHeader("Last-Modified", properties.LastModified.ToString("R", CultureInfo.InvariantCulture));
    }

    public void SetMetadataHeaders(BlobProperties properties)
    {
        foreach (var (name, value) in properties.Metadata)
            SetHeader("x-ms-meta-" + name, value);
    }

    private string? SentMd5()
    {
        if (Header("Content-MD5") is not { } sent)
            return null;
        Span<byte> hash = stackalloc byte[16];
        return Convert.TryFromBase64String(sent, hash, out var length) && length == 16 ? sent : throw BlobErrors.InvalidMd5();
    }

    private static string Compare(string? sent, string computed) =>
        sent is null || sent == computed ? computed : throw BlobErrors.Md5Mismatch(sent, computed);
}
