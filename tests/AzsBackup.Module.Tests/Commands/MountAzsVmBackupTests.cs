using System.Net.Sockets;
using AzsBackup.Module.Tests.Hosting;

namespace AzsBackup.Module.Tests.Commands;

/// <summary>Mount- and Dismount-AzsVmBackup.</summary>
[Collection("Connections")]
public sealed class MountAzsVmBackupTests(SampleStack sample) : IClassFixture<SampleStack>, IDisposable
{
    private readonly ScratchFolder _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public async Task Pipeline_ServesEveryDiskAsItWasBackedUp()
    {
        var qemu = Tool.Find("qemu-img", "qemu-utils");
        using var host = ConnectWithPoint();
        host.Invoke("$null = $point | Restore-AzsVmBackup -Path $folder/out").Succeeded();

        var output = host.Invoke("$mounts = $point | Mount-AzsVmBackup; $mounts | ForEach-Object { [string]$_.Uri }; $mounts.Lun; $mounts.SizeBytes").Succeeded();

        Assert.Equal([null, 0, 12L << 20, 4L << 20], output.Skip(2));
        foreach (var (file, uri) in new[] { "os", "lun0" }.Zip(output.Take(2)))
        {
            // A fixed VHD is the disk, then a footer.
            var raw = _scratch.File($"{file}.raw");
            File.Copy(_scratch.File($"out/app-web-1-{file}.vhd"), raw);
            using (var cut = File.OpenWrite(raw)) cut.SetLength(cut.Length - 512);
            Assert.Contains("identical", await qemu.RunAsync("compare", "-f", "raw", "-F", "raw", raw, (string)uri!), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Dismount_PipelineAndAll_EndsTheServing()
    {
        using var host = ConnectWithPoint();
        var ports = Ports(host.Invoke("$first = $point | Mount-AzsVmBackup -IncludeDisk os; $rest = $point | Mount-AzsVmBackup -Discoverable; $first, $rest | ForEach-Object { $_.Uri.Port }"));
        Assert.Equal(3, ports.Count(IsListening));

        host.Invoke("$first | Dismount-AzsVmBackup").Succeeded();
        Assert.Equal([false, true, true], ports.Select(IsListening));
        host.Invoke("$first | Dismount-AzsVmBackup").Failed("MountNotFound");
        host.Invoke("Dismount-AzsVmBackup -All").Succeeded();
        Assert.Equal(0, ports.Count(IsListening));
    }

    [Fact]
    public async Task SessionEndsOrModuleIsRemoved_NothingIsServedAnyMore()
    {
        var host = ConnectWithPoint();
        var ports = Ports(host.Invoke("$point | Mount-AzsVmBackup | ForEach-Object { $_.Uri.Port }"));
        host.Invoke("Remove-Module AzsBackup").Succeeded();
        Assert.Equal(0, ports.Count(IsListening));
        host.Dispose();

        using var other = ConnectWithPoint("vault2");
        ports = Ports(other.Invoke("$point | Mount-AzsVmBackup | ForEach-Object { $_.Uri.Port }"));
        other.Dispose();
        for (var tries = 0; tries < 200 && ports.Any(IsListening); tries++) await Task.Delay(50, TestContext.Current.CancellationToken);
        Assert.Equal(0, ports.Count(IsListening));
    }

    [Fact]
    public async Task DamagedChunk_IsAWarningWhenDismounted()
    {
        var nbdcopy = Tool.Find("nbdcopy", "libnbd-bin");
        using var host = ConnectWithPoint();
        host.Invoke("$disk = $point | Mount-AzsVmBackup -IncludeDisk os").Succeeded();
        foreach (var chunk in Directory.GetFiles(_scratch.File("vault/chunks"), "*", SearchOption.AllDirectories)) File.WriteAllBytes(chunk, [.. File.ReadAllBytes(chunk).Reverse()]);
        var uri = (string)host.Invoke("[string]$disk.Uri").Succeeded()[0]!;
        await Assert.ThrowsAnyAsync<Exception>(() => nbdcopy.RunAsync(uri, _scratch.File("copy")));

        var ended = host.Invoke("$disk | Dismount-AzsVmBackup");

        Assert.Contains(ended.Warnings, warning => warning.Contains("can't be read", StringComparison.Ordinal));
    }

    [Fact]
    public void WhatIfAndBadInput_ServeNothing()
    {
        using var host = ConnectWithPoint();
        Assert.Empty(host.Invoke("$point | Mount-AzsVmBackup -WhatIf").Succeeded());
        Assert.Empty(host.Invoke("$point | Mount-AzsVmBackup -IncludeDisk 9").Output);
        host.Invoke("$point | Mount-AzsVmBackup -IncludeDisk 9").Failed("DiskNotInVm");
    }

    private static List<int> Ports(Invocation invocation) => [.. invocation.Succeeded().Select(port => (int)port!)];

    private static bool IsListening(int port)
    {
        using var socket = new TcpClient();
        try
        {
            socket.Connect("127.0.0.1", port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private ModuleHost ConnectWithPoint(string vault = "vault")
    {
        var host = sample.Connect().Set("folder", _scratch.Path).Set("vaultName", vault);
        host.Invoke("""
            $vault = New-AzsBackupVault $folder/$vaultName -Password $password
            $point = Start-AzsVmBackup -Vault $vault -ResourceGroupName contoso-app -Name app-web-1
            """).Succeeded();
        return host;
    }
}
