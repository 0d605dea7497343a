using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using AzsBackup.Azure.Blobs;
using AzsBackup.Azure.Transport;
using AzsBackup.Model;
using AzsBackup.Vault.Stores;
using Azure;
using Azure.Storage;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;

namespace AzsBackup.Azure.Vaults;

/// <summary>
/// A vault's objects as block blobs of a container, each written by one Put Blob with <c>If-None-Match: *</c>. A SAS that may
/// read, list and create is enough, but for removing. Requests that fail in passing are sent again, so an object whose creation
/// was answered too late may be told as existing.
/// </summary>
public sealed class BlobObjectStore : IObjectStore, IDisposable
{
    /// <summary>Larger than any object of a vault and smaller than what one Put Blob takes (256 MiB since version 2016-05-31).</summary>
    private const int OneRequest = 128 << 20;

    /// <summary>An object that disagrees with its MD5 so often is not changed on its way, but where it lies: the vault finds that out, and says so.</summary>
    private const int MostMismatches = 2;

    private readonly ContainerAddress _address;
    private readonly TimeProvider _clock;
    private readonly StackTransport _transport;
    private readonly StorageSharedKeyCredential? _key;
    private readonly BlobGateway _gateway;
    private readonly BlobClientOptions _firstOptions;
    private readonly BlobClientOptions _options;
    private readonly int _listPageSize;
    private volatile bool _reached;

    private BlobObjectStore(BlobContainerAccess access, ContainerAddress address, StorageSharedKeyCredential? key, TimeProvider clock, Random chance, RequestBudgets budgets)
    {
        var jitter = new Jitter(chance);
        var version = BlobVersion.ForSignedUri(address.Container, access.ServiceVersion);
        _address = address;
        _clock = clock;
        _key = key;
        _listPageSize = access.ListPageSize;
        _transport = new StackTransport(CertificateTrust.Load(access.CaCertificatePath), budgets, clock, jitter);
        _gateway = new BlobGateway(_transport, version, clock, jitter);
        _options = _gateway.OptionsFor(version);
        _firstOptions = _gateway.OptionsFor(version, RetryLimits.Connecting);
    }

    /// <inheritdoc/>
    public string Location => _address.Location;

    /// <summary>Opens a container; makes no request. Disposing of the store ends its connections; no request may be under way then.</summary>
    /// <param name="access">The container and what opens it.</param>
    /// <param name="clock">The waits between retries.</param>
    /// <param name="chance">Spreads those waits.</param>
    /// <param name="budgets">The request budgets to share; one's own if null.</param>
    /// <exception cref="AzsException">
    /// <c>ContainerUriInvalid</c>, <c>ContainerUriNotHttps</c>, <c>ContainerSasMissing</c>, <c>AccountKeyMalformed</c>, <c>BlobVersionMalformed</c>,
    /// or the CA file can't be read.
    /// </exception>
    public static BlobObjectStore Open(BlobContainerAccess access, TimeProvider clock, Random chance, RequestBudgets? budgets = null)
    {
        var address = new ContainerAddress(access.ContainerUri, access.AccountKey is not null);
        if (!BlobVersion.IsOne(access.ServiceVersion)) throw BlobVersion.Malformed(access.ServiceVersion);
        var key = access.AccountKey is null ? null : BlobAccount.KeyOf(access.AccountName ?? "", access.AccountKey);
        return new BlobObjectStore(access, address, key, clock, chance, budgets ?? new RequestBudgets(clock, chance));
    }

    /// <inheritdoc/>
    public async Task<bool> TryCreateAsync(string name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        ObjectName.ThrowIfInvalid(name);
        try
        {
            using var body = StreamOf(content);
            var options = new BlobUploadOptions
            {
                Conditions = new BlobRequestConditions { IfNoneMatch = ETag.All },
                TransferValidation = BlobGateway.SentMd5,
                TransferOptions = new StorageTransferOptions { InitialTransferSize = OneRequest, MaximumTransferSize = OneRequest, MaximumConcurrency = 1 },
            };
            await ClientOf(name).UploadAsync(body, options, cancellationToken).ConfigureAwait(false);
            _reached = true;
            return true;
        }
        catch (RequestFailedException exception) when (exception.ErrorCode == BlobErrorCode.BlobAlreadyExists || exception.ErrorCode == BlobErrorCode.ConditionNotMet)
        {
            return false;
        }
        catch (Exception exception) when (BlobStoreErrors.IsOne(exception, cancellationToken))
        {
            // Who may create but not overwrite is refused with 403 where the object exists, and where the SAS is wrong too.
            if (BlobFailure.StatusOf(exception) == 403 && await MayExistAsync(name, cancellationToken).ConfigureAwait(false)) return false;
            throw BlobStoreErrors.Explain(exception, _address, _clock.GetUtcNow());
        }
    }

    /// <inheritdoc/>
    public async Task<PooledBuffer?> FindAsync(string name, int maximumLength, CancellationToken cancellationToken)
    {
        ObjectName.ThrowIfInvalid(name);
        for (int breaks = 0; ;)
        {
            try
            {
                var answer = await ClientOf(name).DownloadStreamingAsync(cancellationToken: cancellationToken).ConfigureAwait(false);
                _reached = true;
                using BlobDownloadStreamingResult download = answer.Value;
                if (await ReadAsync(name, download, maximumLength, breaks >= MostMismatches, cancellationToken).ConfigureAwait(false) is { } whole) return whole;
            }
            catch (RequestFailedException exception) when (exception.ErrorCode == BlobErrorCode.BlobNotFound)
            {
                _reached = true;
                return null;
            }
            catch (Exception exception) when (BlobStoreErrors.IsOne(exception, cancellationToken))
            {
                throw BlobStoreErrors.Explain(exception, _address, _clock.GetUtcNow());
            }

            // From the start again: what is read here is a few MiB at most.
            if (++breaks > BlobGateway.LongestPatience) throw BlobStoreErrors.Broken(name, Location);
            await _gateway.BackOffAsync(breaks, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<StoredObject> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var options = _reached ? _options : _firstOptions;
        var client = _key is null
            ? new BlobContainerClient(_address.Container, options) : new BlobContainerClient(_address.Container, _key, options);
        var pages = client.GetBlobsAsync(BlobTraits.None, BlobStates.None, prefix.Length == 0 ? null : prefix, cancellationToken)
            .AsPages(pageSizeHint: _listPageSize).GetAsyncEnumerator(cancellationToken);
        await using var closing = pages.ConfigureAwait(false);
        while (await NextPageAsync().ConfigureAwait(false))
        {
            foreach (var blob in pages.Current.Values) yield return Describe(blob);
        }

        async Task<bool> NextPageAsync()
        {
            try
            {
                bool more = await pages.MoveNextAsync().ConfigureAwait(false);
                _reached = true;
                return more;
            }
            catch (Exception exception) when (BlobStoreErrors.IsOne(exception, cancellationToken))
            {
                throw BlobStoreErrors.Explain(exception, _address, _clock.GetUtcNow());
            }
        }
    }

    /// <inheritdoc/>
    public async Task DeleteAsync(string name, CancellationToken cancellationToken)
    {
        ObjectName.ThrowIfInvalid(name);
        try
        {
            await ClientOf(name).DeleteAsync(cancellationToken: cancellationToken).ConfigureAwait(false);
        }
        catch (RequestFailedException exception) when (exception.ErrorCode == BlobErrorCode.BlobNotFound)
        {
            // Deleting what is gone succeeds; a container that is gone is a failure.
        }
        catch (Exception exception) when (BlobStoreErrors.IsOne(exception, cancellationToken))
        {
            throw BlobStoreErrors.ExplainDeletion(exception, name, _address, _clock.GetUtcNow());
        }
    }

    /// <summary>
    /// Does nothing, because nothing is left to do: the service answers a Put Blob only when the blob is committed to all replicas of its region, and
    /// reads and listings are strongly consistent from then on (Azure Storage: "Data redundancy"; Calder et al., SOSP 2011).
    /// </summary>
    public Task FlushAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public void Dispose() => _transport.Dispose();

    /// <summary>Reads a body, and compares it with the MD5 that the service keeps since the object was written.</summary>
    /// <param name="name">The object.</param>
    /// <param name="download">The answer.</param>
    /// <param name="maximumLength">What the object may be long at most.</param>
    /// <param name="isTakenAsItIs">Whether a body that does not agree is given all the same.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <returns>All bytes; <see langword="null"/> if the body broke off or was changed on its way.</returns>
    private static async Task<PooledBuffer?> ReadAsync(
        string name, BlobDownloadStreamingResult download, int maximumLength, bool isTakenAsItIs, CancellationToken cancellationToken)
    {
        long length = download.Details.ContentLength;
        if (length > maximumLength) throw StoreErrors.TooLong(name, length, maximumLength);
        var buffer = new PooledBuffer((int)length);
        bool whole = false;
        try
        {
            int read = await download.Content.ReadAtLeastAsync(buffer.Memory, (int)length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
            whole = read == length && (isTakenAsItIs || Agrees(download.Details.ContentHash, buffer.Span));
            return whole ? buffer : null;
        }
        catch (Exception exception) when (BlobFailure.StatusOf(exception) == 0 && NetworkFailure.IsOne(exception, cancellationToken))
        {
            return null;
        }
        finally
        {
            if (!whole) buffer.Dispose();
        }
    }

    /// <summary>Objects never change, so where an old service tells no creation time, the last change is it.</summary>
    private StoredObject Describe(BlobItem blob) =>
        blob.Properties is { ContentLength: { } length } properties && (properties.CreatedOn ?? properties.LastModified) is { } time
            ? new StoredObject(blob.Name, length, time.UtcDateTime)
            : throw new AzsException(
                AzsErrorKind.StorageFailed, "ReplyMalformed", $"'{Location}' lists '{blob.Name}' without its length or time.",
                "Check that the URI is that of a blob container, and that no proxy on the way changes answers.", blob.Name);

    private static bool Agrees(byte[]? told, ReadOnlySpan<byte> bytes)
    {
        if (told is not { Length: 16 }) return true;
        using var md5 = IncrementalHash.CreateHash(HashAlgorithmName.MD5);
        md5.AppendData(bytes);
        return md5.GetHashAndReset().AsSpan().SequenceEqual(told);
    }

    private async Task<bool> MayExistAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            return (await ClientOf(name).ExistsAsync(cancellationToken).ConfigureAwait(false)).Value;
        }
        catch (Exception exception) when (BlobStoreErrors.IsOne(exception, cancellationToken))
        {
            // The refusal that led here says more.
            return false;
        }
    }

    /// <summary>Until the service has answered once, a person may be waiting before a misspelt name: that must show soon.</summary>
    private BlockBlobClient ClientOf(string name)
    {
        var options = _reached ? _options : _firstOptions;
        return _key is null ? new BlockBlobClient(_address.UriOf(name), options) : new BlockBlobClient(_address.UriOf(name), _key, options);
    }

    private static MemoryStream StreamOf(ReadOnlyMemory<byte> content) => MemoryMarshal.TryGetArray(content, out var array)
        ? new MemoryStream(array.Array!, array.Offset, array.Count, writable: false)
        : new MemoryStream(content.ToArray(), writable: false);
}
