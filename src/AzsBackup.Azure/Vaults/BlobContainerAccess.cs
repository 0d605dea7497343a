namespace AzsBackup.Azure.Vaults;

/// <summary>
/// A blob container, and what opens it: a SAS in the URI's query, or the account's key. A class and not a record: its text must
/// never show either.
/// </summary>
public sealed class BlobContainerAccess
{
    /// <summary>
    /// The container, for example <c>https://account.blob.core.windows.net/backups</c>; with its SAS as the query unless
    /// <see cref="AccountKey"/> is given. HTTPS, except on this machine itself.
    /// </summary>
    public required Uri ContainerUri { get; init; }

    /// <summary>The storage account's name; needed with <see cref="AccountKey"/> only.</summary>
    public string? AccountName { get; init; }

    /// <summary>One of the account's keys in Base64, instead of a SAS.</summary>
    public string? AccountKey { get; init; }

    /// <summary>A PEM or DER file with certificates to trust besides the system's, as for a container on a stamp.</summary>
    public string? CaCertificatePath { get; init; }

    /// <summary>
    /// The version requests are sent with; a SAS of an older version lowers it. The default is known to stamps since release
    /// 2008, to public Azure, and has all that a vault needs.
    /// </summary>
    public string ServiceVersion { get; init; } = Blobs.BlobVersion.Default;

    /// <summary>How many objects one answer of a listing holds at most. Fewer in tests only.</summary>
    internal int ListPageSize { get; init; } = 5000;
}
