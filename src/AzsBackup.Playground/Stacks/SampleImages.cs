using AzsBackup.Playground.DiskImages;

namespace AzsBackup.Playground.Stacks;

/// <summary>Images for the disks of the sample estate, and the next generation of the first one.</summary>
internal sealed class SampleImages
{
    private const int ReplacedFiles = 30;
    private const long AddedBytes = 8 << 20;

    private SampleImages(string source, long usedBytes, string nextGeneration, IReadOnlyDictionary<string, string> content) =>
        (Source, UsedBytes, NextGeneration, Content) = (source, usedBytes, nextGeneration, content);

    /// <summary>The folder whose files fill the disks.</summary>
    public string Source { get; }

    /// <summary>What the images made here hold together, in bytes; the user's own image is not counted.</summary>
    public long UsedBytes { get; }

    /// <summary>The image the first disk is changed to during the tour.</summary>
    public string NextGeneration { get; }

    /// <summary>An image file for each disk's id.</summary>
    public IReadOnlyDictionary<string, string> Content { get; }

    /// <summary>Makes the images.</summary>
    /// <param name="folder">An existing folder to put them into.</param>
    /// <param name="userDisk">The user's own image for the first disk; null to make one.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public static async Task<SampleImages> CreateAsync(string folder, DiskFile? userDisk, CancellationToken cancellationToken)
    {
        var files = MachineFiles.OfDotNet();
        var system = files.Take(SampleEstate.First.UsedBytes);
        var next = Path.Combine(folder, "next-generation-" + (userDisk is null ? SampleEstate.First.FileName : Path.GetFileName(userDisk.Path)));
        var content = new Dictionary<string, string>();
        var used = 0L;

        async Task<ArchiveDisk> MakeAsync(SampleDisk disk, IEnumerable<FileInfo> members)
        {
            var image = await ArchiveDisk.CreateAsync(files, Path.Combine(folder, disk.FileName), disk.SizeBytes, members, cancellationToken);
            content.Add(disk.Id, image.File);
            used += image.UsedBytes;
            return image;
        }

        if (userDisk is null)
        {
            var first = await MakeAsync(SampleEstate.First, system);
            await first.UpdateAsync(next, ReplacedFiles, files.Take(AddedBytes), cancellationToken);
        }
        else
        {
            content.Add(SampleEstate.First.Id, userDisk.Path);
            await UserDisk.CreateNextGenerationAsync(userDisk, files.Take(AddedBytes), next, cancellationToken);
        }

        await MakeAsync(SampleEstate.Second, [.. system, .. files.Take(SampleEstate.Second.UsedBytes)]);
        foreach (var disk in SampleEstate.Others)
            await MakeAsync(disk, files.Take(disk.UsedBytes));
        return new SampleImages(files.Root, used, next, content);
    }
}
