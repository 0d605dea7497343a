using System.Management.Automation;
using AzsBackup.Emulator.Hosting;
using AzsBackup.Module.Tests.Hosting;

namespace AzsBackup.Module.Tests.Scenarios;

/// <summary>Replicas follow their source, and outlive it.</summary>
[Collection("Connections")]
public sealed class ReplicaTests : IAsyncDisposable
{
    private readonly ScratchFolder _scratch = new();
    private readonly SampleStack _source = new();

    public async ValueTask DisposeAsync()
    {
        await _source.DisposeAsync();
        _scratch.Dispose();
    }

    [Fact]
    public async Task Replica_FollowsItsSourceBitByBitAndOutlivesIt()
    {
        await _source.InitializeAsync();
        await using var target = await EmulatedStack.StartAsync(new EmulatedStackOptions { Region = "east", Identity = StackIdentityProvider.Adfs }, TestContext.Current.CancellationToken);
        using var probe = new StackProbe(target);
        using var host = SampleStack.Connect(_source.Connect(), target, "east").Set("vms", SampleStack.VmNames.Select(_source.VmId).ToArray());

        var first = Copy(host);
        await AssertEqualAsync(first, probe);
        foreach (var vm in SampleStack.VmNames) await _source.Probe.ReplaceAsync(_source.DiskId(vm, null), _source.NextImage($"{vm}-next.img", 12));
        var second = Copy(host);
        await AssertEqualAsync(second, probe);
        await _source.Probe.AssertCleanAsync();
        Assert.Equal(first.Select(Id).Order(StringComparer.Ordinal), second.Select(Id).Order(StringComparer.Ordinal));

        await _source.Stack.DisposeAsync();
        var listed = host.Invoke("""Get-AzsStackReplica -Stack east | ForEach-Object { "$($_.VmName) $($_.Health) $($_.LastPoint.Ticks)" }""").Succeeded();
        var expected = second.Select(replica => $"{replica.Properties["VmName"].Value} Healthy {((DateTime)replica.Properties["LastPoint"].Value).Ticks}");
        Assert.Equal(expected.Order(StringComparer.Ordinal), listed.Cast<string>().Order(StringComparer.Ordinal));
        Assert.Equal(["db-1"], host.Invoke("Get-AzsStackReplica db* -Stack east | ForEach-Object VmName").Succeeded());
    }

    [Fact]
    public async Task SameStackAsDestination_IsRefused()
    {
        await _source.InitializeAsync();
        using var host = _source.Connect().Set("vm", _source.VmId("db-1"));
        var error = host.Invoke("Copy-AzsStackReplica -ResourceId $vm -Destination local").Failed("ReplicaOnSameStack");
        Assert.Equal(ErrorCategory.InvalidArgument, error.CategoryInfo.Category);
        Assert.Contains("-Destination", error.ErrorDetails.Message, StringComparison.Ordinal);
    }

    private static List<PSObject> Copy(ModuleHost host) => host
        .Invoke("$vms | Copy-AzsStackReplica -Source local -Destination east | ForEach-Object { $_ }").Succeeded()
        .Select(replica => PSObject.AsPSObject(replica)).ToList();

    private static string Id(PSObject replica) => (string)replica.Properties["Id"].Value;

    private async Task AssertEqualAsync(List<PSObject> replicas, StackProbe target)
    {
        Assert.Equal(SampleStack.VmNames, replicas.Select(replica => (string)replica.Properties["VmName"].Value).Order(StringComparer.Ordinal));
        foreach (var replica in replicas)
        {
            foreach (var disk in ((System.Collections.IEnumerable)replica.Properties["Disks"].Value).Cast<object>().Select(PSObject.AsPSObject))
            {
                var source = _source.DiskId((string)replica.Properties["VmName"].Value, (int?)disk.Properties["Lun"].Value);
                Assert.Equal(await _source.Probe.HashAsync(source), await target.HashAsync(disk.Properties["BlobUri"].Value.ToString()!));
            }
        }
    }
}
