namespace AzsBackup.Vault.Stores;

/// <summary>An object that has been asked for but has not got its name yet: it lies in an unfinished file.</summary>
internal sealed class PendingFile(string name, string path)
{
    private readonly TaskCompletionSource<bool> _written = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public string Name { get; } = name;

    public string Path { get; } = path;

    /// <summary>In the same directory, so that the rename is atomic; a GUID, because writers on other machines share the directory.</summary>
    public string UnfinishedPath { get; } =
        System.IO.Path.Combine(System.IO.Path.GetDirectoryName(path)!, Guid.NewGuid().ToString("N") + ObjectName.UnfinishedSuffix);

    public long Length { get; init; }

    public DateTime CreatedAt { get; private set; }

    /// <summary>Ends with whether the unfinished file was written in full.</summary>
    public Task<bool> Written => _written.Task;

    public bool IsWritten => _written.Task is { IsCompletedSuccessfully: true } && CreatedAt != default;

    public void Succeed(DateTime createdAt)
    {
        CreatedAt = createdAt;
        _written.SetResult(true);
    }

    public void Fail() => _written.SetResult(false);
}
