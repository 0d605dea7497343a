using AzsBackup.Azure.Vaults;
using AzsBackup.Vault.Stores;

namespace AzsBackup.Composition;

/// <summary>Makes the stores that vaults lie in.</summary>
internal static class VaultStores
{
    /// <summary>A folder, by its full path.</summary>
    public static IObjectStore Folder(string fullPath) => new FolderStore(fullPath);

    /// <summary>A blob container.</summary>
    /// <param name="uri">The container's URI with its SAS.</param>
    /// <param name="caCertificatePath">The full path of a file with certificates to trust besides the system's.</param>
    public static IObjectStore Container(Uri uri, string? caCertificatePath) => BlobObjectStore.Open(
        new BlobContainerAccess { ContainerUri = uri, CaCertificatePath = caCertificatePath }, TimeProvider.System, Random.Shared, NetworkLimits.Budgets);
}
