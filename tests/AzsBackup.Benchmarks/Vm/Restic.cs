namespace AzsBackup.Benchmarks.Vm;

/// <summary>restic with its defaults, on the raw image in a folder.</summary>
internal sealed class Restic(DiskPair disks, string folder) : IContestant
{
    private readonly string _disk = Path.Combine(folder, "disk.img");

    private readonly Dictionary<string, string> _environment = new()
    {
        ["RESTIC_PASSWORD"] = "correct horse battery staple",
        ["RESTIC_REPOSITORY"] = Path.Combine(folder, "repository"),
        ["RESTIC_CACHE_DIR"] = Path.Combine(folder, "cache"),
    };

    public async Task<IReadOnlyDictionary<string, Cost>> RunAsync(Step step, CancellationToken cancellationToken)
    {
        // Without a new time of the file, restic does not look into it.
        if (step == Step.Unchanged)
            return new Dictionary<string, Cost>();
        if (step == Step.Full)
            await RunAsync(cancellationToken, "init");
        if (step is Step.Full or Step.Incremental)
            File.Copy(step == Step.Full ? disks.First : disks.Second, _disk, overwrite: true);
        var cost = step switch
        {
            Step.Restore => await RunAsync(cancellationToken, "restore", "latest", "--target", Path.Combine(folder, "restored")),
            Step.Verify => await RunAsync(cancellationToken, "check", "--read-data"),
            _ => await RunAsync(cancellationToken, "backup", "disk.img"),
        };
        if (step == Step.Restore)
            await DiskPair.CompareAsync(disks.Second, Path.Combine(folder, "restored", "disk.img"), cancellationToken);
        return new Dictionary<string, Cost> { ["restic"] = cost };
    }

    private async Task<Cost> RunAsync(CancellationToken cancellationToken, params string[] arguments) =>
        (await MeasuredProcess.RunAsync("restic", ["--quiet", .. arguments], _environment, folder, cancellationToken)).Cost;
}
