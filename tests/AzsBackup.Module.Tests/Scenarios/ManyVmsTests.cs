using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using AzsBackup.Emulator.Hosting;
using AzsBackup.Module.Tests.Hosting;

namespace AzsBackup.Module.Tests.Scenarios;

/// <summary>Ten VMs of three disks at once, in a process that does nothing else: what it takes, and whether it can still be worked in.</summary>
public sealed class ManyVmsTests(ITestOutputHelper output) : IDisposable
{
    private const int Vms = 10;
    private const int DisksOfEach = 3;
    private const int DataMiB = 24;
    private const long MostBytes = 900L << 20;
    private const string Group = "/subscriptions/{subscriptionId}/resourceGroups/many";

    private const string Script = """
        $ErrorActionPreference = 'Stop'
        Import-Module '{manifest}'
        $credential = [pscredential]::new('{clientId}', [Net.NetworkCredential]::new('', '{clientSecret}').SecurePassword)
        $null = Connect-AzsStack '{armEndpoint}' -Credential $credential -TenantId '{tenantId}' -CaCertificatePath '{ca}'
        $password = [Net.NetworkCredential]::new('', 'correct horse battery staple').SecurePassword
        $vault = New-AzsBackupVault '{folder}' -Password $password
        $job = Start-AzsVmBackup -ResourceGroupName many -Vault $vault -ThrottleLimit 10 -AsJob
        $meanwhile = 0
        while ($job.State -notin 'Completed', 'Failed', 'Stopped') {
            $odd = @(1..2000 | Where-Object { $_ % 2 } | ForEach-Object { $_ * 2 })
            if ($odd.Count -ne 1000) { throw "There are $($odd.Count)." }
            if (@(Get-AzsStack).Count -ne 1) { throw 'The connection is gone.' }
            if ($job.State -eq 'Running') { $meanwhile++ }
        }
        $points = @($job | Receive-Job)
        $disks = $read = 0
        $points | ForEach-Object { $disks += $_.Disks.Count; $read += $_.BytesRead }
        "points=$($points.Count)"
        "disks=$disks"
        "read=$read"
        "meanwhile=$meanwhile"
        "peak=$([Diagnostics.Process]::GetCurrentProcess().PeakWorkingSet64)"
        """;

    private readonly ScratchFolder _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public async Task TenVmsOfThreeDisksAtOnce_StayWithinMemoryAndLeaveThePromptFree()
    {
        await using var stack = await EmulatedStack.StartAsync(
            new EmulatedStackOptions { Estate = WriteEstate() }, TestContext.Current.CancellationToken);
        using var probe = new StackProbe(stack);
        for (var disk = 0; disk < Vms * DisksOfEach; disk++)
        {
            var image = DiskImages.Write(_scratch.File("disk.img"), 256, variant: disk * DataMiB, used: DataMiB);
            await probe.ReplaceAsync(DiskId(disk).Replace("{subscriptionId}", stack.SubscriptionId, StringComparison.Ordinal), image);
        }

        var told = await RunAsync(stack);

        output.WriteLine(string.Join(' ', told.Select(pair => $"{pair.Key}={pair.Value}")));
        Assert.Equal(Vms, told["points"]);
        Assert.Equal(Vms * DisksOfEach, told["disks"]);
        Assert.InRange(told["read"], (long)Vms * DisksOfEach * DataMiB << 20, (long)Vms * DisksOfEach * (DataMiB + 4) << 20);
        Assert.InRange(told["peak"], 1, MostBytes);
        Assert.InRange(told["meanwhile"], 10, long.MaxValue);
    }

    private async Task<Dictionary<string, long>> RunAsync(EmulatedStack stack)
    {
        var script = Script
            .Replace("{manifest}", BuiltModule.Manifest, StringComparison.Ordinal)
            .Replace("{clientSecret}", stack.ClientSecret, StringComparison.Ordinal)
            .Replace("{clientId}", stack.ClientId, StringComparison.Ordinal)
            .Replace("{armEndpoint}", stack.ArmEndpoint.AbsoluteUri, StringComparison.Ordinal)
            .Replace("{tenantId}", stack.TenantId, StringComparison.Ordinal)
            .Replace("{ca}", stack.CaCertificatePath, StringComparison.Ordinal)
            .Replace("{folder}", _scratch.File("vault"), StringComparison.Ordinal);
        var file = _scratch.File("run.ps1");
        await File.WriteAllTextAsync(file, script, TestContext.Current.CancellationToken);
        string[] arguments = [Path.Combine(AppContext.BaseDirectory, "AzsBackup.PowerShellWorker.dll"), file];
        using var worker = Process.Start(new ProcessStartInfo("dotnet", arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var errors = worker.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var told = await worker.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await worker.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(worker.ExitCode == 0, await errors + told);
        return told.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split('='))
            .ToDictionary(parts => parts[0], parts => (long)double.Parse(parts[1], CultureInfo.InvariantCulture));
    }

    private static string DiskId(int disk) => $"{Group}/providers/Microsoft.Compute/disks/many-{disk / DisksOfEach}-{disk % DisksOfEach}";

    private string WriteEstate()
    {
        const string Network = $"{Group}/providers/Microsoft.Network/virtualNetworks/many-vnet";
        var subnets = new[] { new { name = "default", properties = new { addressPrefix = "10.0.0.0/24" } } };
        var resources = new List<object>
        {
            new { id = Group },
            new { id = Network, location = "{location}", properties = new { addressSpace = new { addressPrefixes = new[] { "10.0.0.0/16" } }, subnets } },
        };
        for (var disk = 0; disk < Vms * DisksOfEach; disk++)
            resources.Add(new { id = DiskId(disk), location = "{location}", properties = new { creationData = new { createOption = "Empty" }, diskSizeGB = 1 } });
        for (var vm = 0; vm < Vms; vm++)
        {
            var card = $"{Group}/providers/Microsoft.Network/networkInterfaces/many-{vm}-nic";
            var subnet = new { id = $"{Network}/subnets/default" };
            resources.Add(new { id = card, location = "{location}", properties = new { ipConfigurations = new[] { new { name = "main", properties = new { subnet } } } } });
            var first = vm * DisksOfEach;
            resources.Add(new
            {
                id = $"{Group}/providers/Microsoft.Compute/virtualMachines/many-{vm}",
                location = "{location}",
                properties = new
                {
                    hardwareProfile = new { vmSize = "Standard_DS1_v2" },
                    storageProfile = new
                    {
                        osDisk = new { osType = "Linux", createOption = "Attach", managedDisk = new { id = DiskId(first) } },
                        dataDisks = new[] { 1, 2 }.Select(lun => new { lun, createOption = "Attach", managedDisk = new { id = DiskId(first + lun) } }),
                    },
                    networkProfile = new { networkInterfaces = new[] { new { id = card } } },
                },
            });
        }

        return _scratch.Write("estate.json", JsonSerializer.SerializeToUtf8Bytes(new { resources }));
    }
}
