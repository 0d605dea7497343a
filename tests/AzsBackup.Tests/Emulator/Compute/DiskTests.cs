using System.Diagnostics;
using System.Text.Json.Nodes;
using AzsBackup.Emulator.Hosting;
using AzsBackup.Tests.Emulator.Hosting;
using Xunit;

namespace AzsBackup.Tests.Emulator.Compute;

public sealed class DiskTests
{
    [Fact]
    public async Task Snapshot_GrantReadRevoke_EndsWith403()
    {
        await using StackHost host = await StackHost.StartAsync();
        await host.MakeGroupAsync("rg");
        string disk = await host.MakeDiskAsync("rg", "d1");
        string snapshot = await host.MakeSnapshotAsync("rg", "s1", disk);
        string sas = await host.GrantAsync(snapshot);
        (int status, byte[] footer) = await host.ReadAsync(sas, 1L << 30, (1L << 30) + 511);
        Assert.Equal(206, status);
        Assert.Equal("conectix"u8, footer.AsSpan(0, 8));
        Assert.Equal("ActiveSAS", (await host.GetAsync(snapshot, StackHost.Disks))["properties"]!["diskState"]!.GetValue<string>());
        await host.AssertRefusedAsync(409, "OperationNotAllowed", HttpMethod.Delete, snapshot, StackHost.Disks);
        await host.DoAsync(HttpMethod.Post, snapshot + "/endGetAccess", StackHost.Disks);
        Assert.Equal(403, (await host.ReadAsync(sas, 0, 511)).Status);
        await host.DoAsync(HttpMethod.Delete, snapshot, StackHost.Disks);
    }

    [Fact]
    public async Task Grant_Expired_Is403AndANewOneWorks()
    {
        await using StackHost host = await StackHost.StartAsync();
        await host.MakeGroupAsync("rg");
        string disk = await host.MakeDiskAsync("rg", "d1");
        string sas = await host.GrantAsync(disk, 300);
        Assert.Equal(206, (await host.ReadAsync(sas, 0, 511)).Status);
        Assert.Equal(sas, await host.GrantAsync(disk, 300));
        host.Stack.AdvanceClock(TimeSpan.FromSeconds(301));
        Assert.Equal(403, (await host.ReadAsync(sas, 0, 511)).Status);
        Assert.Equal(206, (await host.ReadAsync(await host.GrantAsync(disk, 300), 0, 511)).Status);
    }

    [Fact]
    public async Task Grant_OldApiVersion_IsWrapped()
    {
        await using StackHost host = await StackHost.StartAsync();
        await host.MakeGroupAsync("rg");
        string disk = await host.MakeDiskAsync("rg", "d1");
        JsonNode? result = await host.DoAsync(HttpMethod.Post, disk + "/beginGetAccess", "2017-03-30", """{"access":"Read","durationInSeconds":60}""");
        Assert.NotNull(result!["properties"]!["output"]!["accessSAS"]);
    }

    [Fact]
    public async Task Snapshot_Incremental_IsRefused()
    {
        await using StackHost host = await StackHost.StartAsync();
        await host.MakeGroupAsync("rg");
        string disk = await host.MakeDiskAsync("rg", "d1");
        await host.AssertRefusedAsync(400, "OperationNotAllowed", HttpMethod.Put, host.Id("rg", "Microsoft.Compute/snapshots", "s1"), StackHost.Disks,
            $$$$$"""{"location":"local","properties":{"incremental":true,"creationData":{"createOption":"Copy","sourceResourceId":"{{{{{disk}}}}}"}}}""");
        Assert.Empty((await host.GetAsync(host.Subscription + "/providers/Microsoft.Compute/snapshots", StackHost.Disks))["value"]!.AsArray());
    }

    [Theory]
    [InlineData("""{"creationData":{"createOption":"Upload"},"diskSizeGB":1}""", "OperationNotAllowed")]
    [InlineData("""{"creationData":{"createOption":"Empty"},"diskSizeGB":1024}""", "InvalidParameter")]
    [InlineData("""{"creationData":{"createOption":"Empty"}}""", "InvalidParameter")]
    [InlineData("""{"diskSizeGB":1}""", "InvalidParameter")]
    public async Task Disk_NotPossibleOnAStamp_IsRefused(string properties, string code)
    {
        await using StackHost host = await StackHost.StartAsync();
        await host.MakeGroupAsync("rg");
        await host.AssertRefusedAsync(400, code, HttpMethod.Put, host.Id("rg", "Microsoft.Compute/disks", "d1"), StackHost.Disks, $$$$$"""{"location":"local","properties":{{{{{properties}}}}}}""");
    }

    [Fact]
    public async Task Disk_OneTebibyte_CostsNothing()
    {
        await using StackHost host = await StackHost.StartAsync(new EmulatedStackOptions { MaxDiskSizeGiB = 1024 });
        await host.MakeGroupAsync("rg");
        string sas = await host.GrantAsync(await host.MakeDiskAsync("rg", "big", 1024));
        (int status, byte[] footer) = await host.ReadAsync(sas, 1L << 40, (1L << 40) + 511);
        Assert.Equal((206, 512), (status, footer.Length));
    }

    [Fact]
    public async Task Disk_GrownCopy_KeepsContentAndMovesItsFooter()
    {
        await using StackHost host = await StackHost.StartAsync();
        await host.MakeGroupAsync("rg");
        string source = await host.MakeDiskAsync("rg", "d1");
        string copy = host.Id("rg", "Microsoft.Compute/disks", "d2");
        await host.DoAsync(HttpMethod.Put, copy, StackHost.Disks, $$$$$"""{"location":"local","properties":{"diskSizeGB":2,"creationData":{"createOption":"Copy","sourceResourceId":"{{{{{source}}}}}"}}}""");
        string sas = await host.GrantAsync(copy);
        Assert.All((await host.ReadAsync(sas, 1L << 30, (1L << 30) + 511)).Body, value => Assert.Equal(0, value));
        byte[] footer = (await host.ReadAsync(sas, 2L << 30, (2L << 30) + 511)).Body;
        Assert.Equal("conectix"u8, footer.AsSpan(0, 8));
    }

    [Fact]
    public async Task Export_IsAFixedVhdToQemu()
    {
        using Process? qemu = TryStart("qemu-img", "--version");
        Assert.SkipWhen(qemu is null, "qemu-img is not installed, so nobody independent has read the exported VHD.");
        await qemu.WaitForExitAsync(StackHost.Cancel);
        await using StackHost host = await StackHost.StartAsync();
        await host.MakeGroupAsync("rg");
        string sas = await host.GrantAsync(await host.MakeDiskAsync("rg", "d1"));
        byte[] footer = (await host.ReadAsync(sas, 1L << 30, (1L << 30) + 511)).Body;
        string path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName() + ".vhd");
        try
        {
            await using (FileStream file = File.Create(path))
            {
                file.Position = 1L << 30;
                await file.WriteAsync(footer, StackHost.Cancel);
            }

            using Process info = TryStart("qemu-img", $"info -f vpc --output=json {path}")!;
            JsonNode report = JsonNode.Parse(await info.StandardOutput.ReadToEndAsync(StackHost.Cancel))!;
            Assert.Equal(1L << 30, report["virtual-size"]!.GetValue<long>());
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static Process? TryStart(string name, string arguments)
    {
        try
        {
            return Process.Start(new ProcessStartInfo(name, arguments) { RedirectStandardOutput = true, RedirectStandardError = true });
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }
}
