using System.ComponentModel;
using System.Diagnostics;
using System.Security.Cryptography;
using AzsBackup.Emulator.Pages;
using Xunit;

namespace AzsBackup.Tests.Emulator.Blobs;

/// <summary>Microsoft's copier against the service. It is found on the PATH as azcopy, or where AZCOPY says.</summary>
public sealed class AzCopyTests
{
    private const int Length = 12 << 20;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Copy_ExportedDiskToFileAndFileToPageBlob_IsIdenticalToQemu()
    {
        var azcopy = Environment.GetEnvironmentVariable("AZCOPY") ?? "azcopy";
        Assert.SkipUnless(await RunsAsync(azcopy, "--version"), "azcopy is not at hand (npm @azure-tools/azcopy-linux).");
        Assert.SkipUnless(await RunsAsync("qemu-img", "--version"), "qemu-img is not installed.");
        await using var host = await BlobServiceHost.StartAsync();
        var folder = Directory.CreateTempSubdirectory("azcopy-").FullName;
        try
        {
            // Written, sparse and cleared stretches, some of them smaller than what azcopy reads at once.
            using var disk = host.Pages.Create(Length);
            disk.Write(0, RandomNumberGenerator.GetBytes(1 << 20));
            disk.Write(5 << 20, RandomNumberGenerator.GetBytes(3 << 20));
            disk.Clear(6 << 20, 64 * 1024);
            disk.Write(Length - 512, RandomNumberGenerator.GetBytes(512));
            var original = await SaveAsync(disk, Path.Combine(folder, "original"));

            var exported = host.Service.Grant(disk, host.Root, TimeSpan.FromHours(1), "r");
            var file = Path.Combine(folder, "copied");
            await CopyAsync(azcopy, folder, exported.AbsoluteUri, file, "--from-to=BlobLocal");
            await CompareAsync(original, file);

            await host.ContainerAsync();
            var sas = SasText.Service(host.Key, "b", "things", "disk.vhd", "rcw", host.Clock.GetUtcNow().AddHours(1));
            await CopyAsync(azcopy, folder, file, $"{host.Root}{BlobServiceHost.Account}/things/disk.vhd?{sas}", "--from-to=LocalBlob", "--blob-type=PageBlob");
            var blob = host.Service.FindPageBlob(BlobServiceHost.Account, "things", "disk.vhd");
            Assert.NotNull(blob);
            await CompareAsync(original, await SaveAsync(blob, Path.Combine(folder, "uploaded")));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<string> SaveAsync(PageVolume volume, string path)
    {
        var bytes = new byte[volume.Length];
        volume.Read(0, bytes);
        await File.WriteAllBytesAsync(path, bytes, Cancel);
        return path;
    }

    private static Task CopyAsync(string azcopy, string folder, string source, string target, params string[] options) =>
        RunAsync(azcopy, folder, ["copy", source, target, .. options, "--skip-version-check", "--log-level=NONE"]);

    private static async Task CompareAsync(string expected, string actual)
    {
        // To qemu, an image that is longer by zeros is the same.
        Assert.Equal(new FileInfo(expected).Length, new FileInfo(actual).Length);
        await RunAsync("qemu-img", ".", ["compare", "-f", "raw", "-F", "raw", expected, actual]);
    }

    private static async Task RunAsync(string program, string folder, string[] arguments)
    {
        using var process = Start(program, folder, arguments);
        var output = process.StandardOutput.ReadToEndAsync(Cancel);
        var errors = process.StandardError.ReadToEndAsync(Cancel);
        await process.WaitForExitAsync(Cancel);
        Assert.True(process.ExitCode == 0, $"{program} {arguments[0]} ended with {process.ExitCode}: {await output}{await errors}");
    }

    private static async Task<bool> RunsAsync(string program, params string[] arguments)
    {
        try
        {
            using var process = Start(program, ".", arguments);
            var output = process.StandardOutput.ReadToEndAsync(Cancel);
            await process.StandardError.ReadToEndAsync(Cancel);
            await output;
            await process.WaitForExitAsync(Cancel);
            return process.ExitCode == 0;
        }
        catch (Win32Exception)
        {
            return false;
        }
    }

    private static Process Start(string program, string folder, string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["AZCOPY_DEFAULT_SERVICE_API_VERSION"] = "2019-07-07";
        start.Environment["AZCOPY_LOG_LOCATION"] = folder;
        start.Environment["AZCOPY_JOB_PLAN_LOCATION"] = folder;
        return Process.Start(start)!;
    }
}
