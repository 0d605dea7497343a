using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using AzsBackup.Emulator.Hosting;
using AzsBackup.Module.Tests.Hosting;

namespace AzsBackup.Module.Tests.Scenarios;

/// <summary>A disk that other people's tools can judge.</summary>
[Collection("Connections")]
public sealed partial class RealFileSystemTests : IDisposable
{
    private const string Sentence = "The heron stood in the reeds of the third canal until the lamps were lit.";
    private const string FileName = "a-known-file-of-the-guest.txt";
    private const string Disk = "/subscriptions/{subscriptionId}/resourceGroups/contoso-app/providers/Microsoft.Compute/disks/app-web-1-os";

    private readonly ScratchFolder _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public async Task Ext4Disk_ComesBackAsItWasAndTheVaultTellsNothingOfIt()
    {
        var qemu = Tool.Find("qemu-img", "qemu-utils");
        var (make, check, dump) = (Tool.Find("mke2fs", "e2fsprogs"), Tool.Find("e2fsck", "e2fsprogs"), Tool.Find("dumpe2fs", "e2fsprogs"));
        var (raw, vhd, vault, restored) = (_scratch.File("disk.raw"), _scratch.File("disk.vhd"), _scratch.File("vault"), _scratch.File("out/app-web-1-os.vhd"));
        await make.RunAsync("-q", "-t", "ext4", "-d", MakeTree(), raw, "160M");
        await qemu.RunAsync("convert", "-f", "raw", "-O", "vpc", "-o", "subformat=fixed,force_size=on", raw, vhd);
        var options = new EmulatedStackOptions { Estate = "sample", DiskContent = new Dictionary<string, string> { [Disk] = vhd } };
        await using var stack = await EmulatedStack.StartAsync(options, TestContext.Current.CancellationToken);
        using var probe = new StackProbe(stack);
        using var host = SampleStack.Connect(ModuleHost.WithModule(), stack, "ext4");

        host.Set("password", ConnectedStack.Secret(SampleStack.Password)).Set("folder", _scratch.Path).Invoke("""
            $vault = New-AzsBackupVault $folder/vault -Password $password
            Start-AzsVmBackup -ResourceGroupName contoso-app -Name app-web-1 -Vault $vault -IncludeDisk os | Restore-AzsVmBackup -Path $folder/out
            """).Succeeded();

        Assert.Contains("Images are identical.", await qemu.RunAsync("compare", "-f", "vpc", "-F", "vpc", vhd, restored), StringComparison.Ordinal);
        Assert.Equal(await probe.HashAsync(Disk.Replace("{subscriptionId}", stack.SubscriptionId, StringComparison.Ordinal)), SampleStack.HashOf(restored));
        await qemu.RunAsync("convert", "-f", "vpc", "-O", "raw", restored, _scratch.File("restored.raw"));
        await check.RunAsync("-fn", _scratch.File("restored.raw"));
        var used = UsedBytes(await dump.RunAsync("-h", raw));
        Assert.InRange(FilesOf(vault).Sum(file => file.Length), 1, used - 1);
        Assert.NotEmpty(FolderState.FilesWith(_scratch.File("out"), Sentence));
        Assert.Empty(FolderState.FilesWith(vault, Sentence));
        Assert.Empty(FolderState.FilesWith(vault, FileName));
    }

    private string MakeTree()
    {
        var tree = Directory.CreateDirectory(_scratch.File("tree"));
        var framework = new DirectoryInfo(Path.GetDirectoryName(typeof(object).Assembly.Location)!);
        foreach (var file in framework.EnumerateFiles()) file.CopyTo(Path.Combine(tree.FullName, file.Name));
        File.WriteAllText(Path.Combine(tree.CreateSubdirectory("home").FullName, FileName), $"{Sentence}\n", Encoding.UTF8);
        return tree.FullName;
    }

    private static IEnumerable<FileInfo> FilesOf(string folder) => new DirectoryInfo(folder).EnumerateFiles("*", SearchOption.AllDirectories);

    private static long UsedBytes(string description)
    {
        return (Number("Block count") - Number("Free blocks")) * Number("Block size");

        long Number(string name) => long.Parse(Line().Matches(description).Single(line => line.Groups[1].Value == name).Groups[2].Value, CultureInfo.InvariantCulture);
    }

    [GeneratedRegex(@"^(Block count|Free blocks|Block size):\s+(\d+)", RegexOptions.Multiline)]
    private static partial Regex Line();
}
