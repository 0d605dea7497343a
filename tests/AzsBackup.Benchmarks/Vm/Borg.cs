namespace AzsBackup.Benchmarks.Vm;

/// <summary>borg, encrypting, at our compression level and with chunks of a fixed size, on the raw image in a folder.</summary>
internal sealed class Borg(DiskPair disks, string folder) : IContestant
{
    private readonly string _disk = Path.Combine(folder, "disk.img");

    private readonly Dictionary<string, string> _environment = new()
    {
        ["BORG_PASSPHRASE"] = "correct horse battery staple",
        ["BORG_REPO"] = Path.Combine(folder, "repository"),
        ["BORG_BASE_DIR"] = folder,
    };

    public async Task<IReadOnlyDictionary<string, Cost>> RunAsync(Step step, CancellationToken cancellationToken)
    {
        // Without a new time of the file, borg does not look into it.
        if (step == Step.Unchanged)
            return new Dictionary<string, Cost>();
        if (step == Step.Full)
            await RunAsync(folder, cancellationToken, "init", "--encryption", "repokey-blake2");
        if (step is Step.Full or Step.Incremental)
            File.Copy(step == Step.Full ? disks.First : disks.Second, _disk, overwrite: true);
        string restored = Directory.CreateDirectory(Path.Combine(folder, "restored")).FullName;
        var cost = step switch
        {
            Step.Restore => await RunAsync(restored, cancellationToken, "extract", "--sparse", "::Incremental"),
            Step.Verify => await RunAsync(folder, cancellationToken, "check", "--verify-data"),
            _ => await RunAsync(folder, cancellationToken, "create", "--compression", "zstd,1", "--chunker-params", "fixed,4194304", $"::{step}", "disk.img"),
        };
        if (step == Step.Restore)
            await DiskPair.CompareAsync(disks.Second, Path.Combine(restored, "disk.img"), cancellationToken);
        return new Dictionary<string, Cost> { ["borg"] = cost };
    }

    private async Task<Cost> RunAsync(string directory, CancellationToken cancellationToken, params string[] arguments) =>
        (await MeasuredProcess.RunAsync("borg", arguments, _environment, directory, cancellationToken)).Cost;
}
