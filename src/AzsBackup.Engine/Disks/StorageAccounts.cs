using System.Text.Json;
using AzsBackup.Engine.Stacks;
using AzsBackup.Model;

namespace AzsBackup.Engine.Disks;

/// <summary>Opens storage accounts of a stack with their own keys, asked for when needed and kept nowhere else.</summary>
internal static class StorageAccounts
{
    public const string Type = "Microsoft.Storage/storageAccounts";

    /// <summary>Opens an account.</summary>
    public static async Task<IBlobAccount> OpenAsync(IStack stack, ResourceBody account, CancellationToken cancellationToken)
    {
        var endpoint = account.FindText("properties", "primaryEndpoints", "blob") is { } text
            ? new Uri(text)
            : throw new AzsException(
                AzsErrorKind.NotSupported,
                "StorageAccountHasNoBlobs",
                $"Storage account '{account.Id.Name}' offers no blob endpoint.",
                "Wait until the account is provisioned, or choose another one.",
                account.Id.ToString());
        var keys = await stack.Resources.PostAsync(account.Id, "listKeys", null, cancellationToken).ConfigureAwait(false);
        var key = keys is { } answer && answer.TryGetProperty("keys", out var list) && list.ValueKind == JsonValueKind.Array
            ? list.EnumerateArray().Select(entry => entry.GetProperty("value").GetString()).FirstOrDefault(value => value is not null)
            : null;
        return key is not null
            ? stack.OpenBlobAccount(endpoint, account.Id.Name, key)
            : throw new AzsException(
                AzsErrorKind.RemoteFailed,
                "StorageAccountKeyMissing",
                $"The stack listed no key of storage account '{account.Id.Name}'.",
                "Check that the sign-in may run Microsoft.Storage/storageAccounts/listKeys/action.",
                account.Id.ToString());
    }

    /// <summary>Opens the page blob a URI names, in whichever of the subscription's accounts it lies.</summary>
    /// <exception cref="AzsException">No account of the subscription holds it.</exception>
    public static async Task<IPageBlob> OpenBlobAsync(IStack stack, string subscriptionId, Uri blob, CancellationToken cancellationToken)
    {
        var accounts = stack.Resources.ListAsync($"/subscriptions/{subscriptionId}/providers/{Type}", Type, cancellationToken);
        await foreach (var account in accounts.ConfigureAwait(false))
        {
            if (account.FindText("properties", "primaryEndpoints", "blob") is not { } endpoint) continue;
            var root = new Uri(endpoint.EndsWith('/') ? endpoint : endpoint + "/");
            if (!root.IsBaseOf(blob)) continue;

            var path = Uri.UnescapeDataString(root.MakeRelativeUri(blob).ToString().Split('?')[0]).Split('/', 2);
            if (path.Length != 2) break;
            var opened = await OpenAsync(stack, account, cancellationToken).ConfigureAwait(false);
            return opened.OpenPageBlob(path[0], path[1]);
        }

        throw new AzsException(
            AzsErrorKind.NotFound,
            "StorageAccountNotFound",
            $"The unmanaged disk {blob.GetLeftPart(UriPartial.Path)} lies in no storage account of subscription {subscriptionId}.",
            "Back the VM up with a sign-in that can read the account's subscription, or leave the disk out.",
            blob.GetLeftPart(UriPartial.Path));
    }
}
