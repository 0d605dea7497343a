namespace AzsBackup.Emulator.Blobs;

/// <summary>What one emulated blob service accepts. The defaults are a stamp's of update 2008 or later.</summary>
public sealed record BlobServiceOptions
{
    /// <summary>
    /// Every service version the stamp knows, newest first; a version outside the list is refused whatever its date
    /// (Azure Stack Hub documentation, azure-stack-acs-differences).
    /// </summary>
    public IReadOnlyList<string> Versions { get; init; } =
    [
        "2019-07-07", "2019-02-02", "2018-11-09", "2018-03-28", "2017-11-09", "2017-07-29", "2017-04-17",
        "2016-05-31", "2015-12-11", "2015-07-08", "2015-04-05",
    ];

    /// <summary>The version that SAS of exported disks are signed for; recordings of real ones show 2018-03-28.</summary>
    public string GrantVersion { get; init; } = "2018-03-28";

    /// <summary>The largest page blob, in bytes. A stamp's limit is 1 TB (azure-stack-acs-differences); Azure's is 8 TiB.</summary>
    public long MaxPageBlobLength { get; init; } = 1L << 40;

    /// <summary>The largest block blob that may be put in one request, in bytes: 256 MiB from version 2016-05-31 on.</summary>
    public long MaxPutBlobLength { get; init; } = 256L << 20;

    /// <summary>The largest block, in bytes: 100 MiB from version 2016-05-31 on.</summary>
    public long MaxBlockLength { get; init; } = 100L << 20;

    /// <summary>The longest name of a blob, in characters. A stamp's limit is 880 (azure-stack-acs-differences); Azure's is 1024.</summary>
    public int MaxBlobNameLength { get; init; } = 880;

    /// <summary>How far the date of a request signed with an account key may lie from the service's clock.</summary>
    public TimeSpan RequestDateTolerance { get; init; } = TimeSpan.FromMinutes(15);
}
