using System.Runtime.CompilerServices;
using AzsBackup.Engine.Stacks;
using AzsBackup.Model;
using Azure;
using Azure.Storage;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;

namespace AzsBackup.Azure.Blobs;

/// <summary>
/// A storage account's blob service, opened with the account's key. URIs are put together here, not by the SDK's builder,
/// which takes the account in a path-style endpoint for a container unless the host is an IP address.
/// </summary>
internal sealed class BlobAccount : IBlobAccount
{
    private readonly string _endpoint;
    private readonly StorageSharedKeyCredential _key;
    private readonly BlobGateway _gateway;
    private readonly BlobClientOptions _options;

    /// <summary>Opens it; makes no request.</summary>
    /// <exception cref="AzsException">The key is not Base64.</exception>
    public BlobAccount(Uri endpoint, string accountName, string accountKey, BlobGateway gateway)
    {
        _endpoint = endpoint.GetLeftPart(UriPartial.Path).TrimEnd('/');
        _gateway = gateway;
        _options = gateway.OptionsFor(gateway.Version);
        _key = KeyOf(accountName, accountKey);
    }

    /// <inheritdoc/>
    public Task EnsureContainerAsync(string container, CancellationToken cancellationToken)
    {
        var uri = UriOf(container);
        var client = new BlobContainerClient(uri, _key, _options);
        return BlobFailure.GuardAsync(
            uri, () => client.CreateIfNotExistsAsync(PublicAccessType.None, cancellationToken: cancellationToken), cancellationToken);
    }

    /// <inheritdoc/>
    public IPageBlob OpenPageBlob(string container, string name) => new AccountPageBlob(
        UriOf(container, name), UriOf(container), name, _key, _gateway, _options);

    /// <inheritdoc/>
    public Task PutDocumentAsync(string container, string name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        var uri = UriOf(container, name);
        var client = new BlockBlobClient(uri, _key, _options);
        return BlobFailure.GuardAsync(
            uri,
            async () =>
            {
                using var stream = BinaryData.FromBytes(content).ToStream();
                return await client.UploadAsync(stream, new BlobUploadOptions { TransferValidation = BlobGateway.SentMd5 }, cancellationToken).ConfigureAwait(false);
            },
            cancellationToken);
    }

    /// <inheritdoc/>
    public Task<byte[]?> FindDocumentAsync(string container, string name, CancellationToken cancellationToken)
    {
        var uri = UriOf(container, name);
        var client = new BlobClient(uri, _key, _options);
        return BlobFailure.GuardAsync(
            uri,
            async () =>
            {
                try
                {
                    return (await client.DownloadContentAsync(cancellationToken).ConfigureAwait(false)).Value.Content.ToArray();
                }
                catch (RequestFailedException exception) when (exception.Status == 404)
                {
                    return null;
                }
            },
            cancellationToken);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<string> ListAsync(
        string container, string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var uri = UriOf(container);
        var client = new BlobContainerClient(uri, _key, _options);
        var pages = client.GetBlobsAsync(BlobTraits.None, BlobStates.None, prefix, cancellationToken)
            .AsPages().GetAsyncEnumerator(cancellationToken);
        await using var closing = pages.ConfigureAwait(false);
        while (await BlobFailure.GuardAsync(uri, NextPageAsync, cancellationToken).ConfigureAwait(false))
        {
            foreach (var blob in pages.Current.Values) yield return blob.Name;
        }

        async Task<bool> NextPageAsync()
        {
            try
            {
                return await pages.MoveNextAsync().ConfigureAwait(false);
            }
            catch (RequestFailedException exception) when (exception.ErrorCode == BlobErrorCode.ContainerNotFound)
            {
                return false;
            }
        }
    }

    /// <summary>A key as the SDK wants it.</summary>
    /// <exception cref="AzsException">The key is not Base64.</exception>
    public static StorageSharedKeyCredential KeyOf(string accountName, string accountKey)
    {
        try
        {
            return new StorageSharedKeyCredential(accountName, accountKey);
        }
        catch (FormatException)
        {
            throw new AzsException(
                AzsErrorKind.InvalidInput,
                "AccountKeyMalformed",
                $"The key given for storage account '{accountName}' is not Base64.",
                "Give one of the account's keys as the stack lists them.",
                accountName);
        }
    }

    private Uri UriOf(string container) => new($"{_endpoint}/{container}");

    private Uri UriOf(string container, string name) =>
        new($"{_endpoint}/{container}/{string.Join('/', name.Split('/').Select(Uri.EscapeDataString))}");
}
