using System.Text.Json;
using AzsBackup.Emulator.Hosting;
using AzsBackup.Module.Tests.Hosting;

namespace AzsBackup.Module.Tests.Scenarios;

/// <summary>Only what is allocated is read: reading 1 TiB would outlast every time limit.</summary>
[Collection("Connections")]
public sealed class VeryLargeDiskTests : IDisposable
{
    private const long MiB = 1 << 20;
    private const string Group = "/subscriptions/{subscriptionId}/resourceGroups/archive";
    private const string Network = $"{Group}/providers/Microsoft.Network/virtualNetworks/archive-vnet";
    private const string Card = $"{Group}/providers/Microsoft.Network/networkInterfaces/archive-1-nic";
    private const string Disk = $"{Group}/providers/Microsoft.Compute/disks/archive-1-os";

    private readonly ScratchFolder _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public async Task SparseDiskOfOneTebibyte_ReadsOnlyItsData()
    {
        var options = new EmulatedStackOptions { Estate = WriteEstate(), MaxDiskSizeGiB = 1024 };
        await using var stack = await EmulatedStack.StartAsync(options, TestContext.Current.CancellationToken);
        using var probe = new StackProbe(stack);
        using var host = SampleStack.Connect(ModuleHost.WithModule(), stack, "large");
        var disk = Disk.Replace("{subscriptionId}", stack.SubscriptionId, StringComparison.Ordinal);
        await probe.ReplaceAsync(disk, DiskImages.Write(_scratch.File("data.img"), 256, variant: 0, used: 64));

        var output = host.Set("folder", _scratch.Path).Invoke("""
            $vault = New-AzsBackupVault $folder/vault -NoEncryption
            $point = Start-AzsVmBackup -ResourceGroupName archive -Name archive-1 -Vault $vault
            $point.SizeBytes
            $point.BytesRead
            "$($point.Disks[0].ChangeSource)"
            """).Succeeded();
        Assert.Equal(1L << 40, output[0]);
        Assert.InRange((long)output[1]!, 60 * MiB, 68 * MiB);
        Assert.Equal("PageRanges", output[2]);
    }

    private string WriteEstate()
    {
        object[] resources =
        [
            new { id = Group },
            new
            {
                id = Network,
                location = "{location}",
                properties = new
                {
                    addressSpace = new { addressPrefixes = new[] { "10.0.0.0/16" } },
                    subnets = new[] { new { name = "default", properties = new { addressPrefix = "10.0.0.0/24" } } },
                },
            },
            new
            {
                id = Card,
                location = "{location}",
                properties = new { ipConfigurations = new[] { new { name = "main", properties = new { subnet = new { id = $"{Network}/subnets/default" } } } } },
            },
            new { id = Disk, location = "{location}", properties = new { creationData = new { createOption = "Empty" }, diskSizeGB = 1024, osType = "Linux" } },
            new
            {
                id = $"{Group}/providers/Microsoft.Compute/virtualMachines/archive-1",
                location = "{location}",
                properties = new
                {
                    hardwareProfile = new { vmSize = "Standard_DS1_v2" },
                    storageProfile = new { osDisk = new { osType = "Linux", createOption = "Attach", managedDisk = new { id = Disk } } },
                    networkProfile = new { networkInterfaces = new[] { new { id = Card } } },
                },
            },
        ];
        return _scratch.Write("estate.json", JsonSerializer.SerializeToUtf8Bytes(new { resources }));
    }
}
