using AzsBackup.Module.Tests.Hosting;

namespace AzsBackup.Module.Tests.Input;

public sealed class VmReferenceTests
{
    private const string Web = "/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/prod/providers/Microsoft.Compute/virtualMachines/web01";
    private const string Default = "/subscriptions/00000000-0000-0000-0000-00000000def0/resourceGroups/prod/providers/Microsoft.Compute/virtualMachines/web01";

    [Theory]
    [InlineData($"Resolve-TestVm -ResourceId {Web}", Web)]
    [InlineData($"Resolve-TestVm -Id {Web}", Web)]
    [InlineData($"'{Web}' | Resolve-TestVm", Web)]
    [InlineData("Resolve-TestVm -ResourceGroupName prod -VMName web01", Default)]
    [InlineData("Resolve-TestVm -ResourceGroupName prod -Name web01 -SubscriptionId 11111111-2222-3333-4444-555555555555", Web)]
    public void Typed_NamesTheVm(string script, string id) => Expect(script, id);

    [Theory]
    // Get-AzVM: Id is the ARM id; a stamp was seen to give the group in upper case.
    [InlineData($"ResourceGroupName = 'PROD'; Id = '{Web}'; VmId = '0b5f7f4e-8f1c-4d5e-9b6a-1b2c3d4e5f60'; Name = 'web01'; Type = 'Microsoft.Compute/virtualMachines'; Location = 'local'", Web)]
    // Get-AzResource: both, and they are the same.
    [InlineData($"ResourceId = '{Web}'; Id = '{Web}'; Name = 'web01'; ResourceGroupName = 'prod'; ResourceType = 'Microsoft.Compute/virtualMachines'", Web)]
    // Id is a bare GUID, as text and as a Guid.
    [InlineData("Id = '0b5f7f4e-8f1c-4d5e-9b6a-1b2c3d4e5f60'; ResourceGroupName = 'prod'; Name = 'web01'", Default)]
    [InlineData("Id = [guid]'0b5f7f4e-8f1c-4d5e-9b6a-1b2c3d4e5f60'; ResourceGroupName = 'prod'; VMName = 'web01'", Default)]
    // Id is an operator's path.
    [InlineData("Id = '/subscriptions/aaaaaaaa-2222-3333-4444-555555555555/resourceGroups/system.local/providers/Microsoft.Compute.Admin/locations/local'; ResourceGroupName = 'prod'; Name = 'web01'; SubscriptionId = '11111111-2222-3333-4444-555555555555'", Web)]
    // No id at all.
    [InlineData("ResourceGroupName = 'prod'; Name = 'web01'", Default)]
    public void Piped_NamesTheVm(string properties, string id) => Expect($"[pscustomobject]@{{ {properties} }} | Resolve-TestVm", id);

    [Theory]
    [InlineData("Resolve-TestVm -ResourceId nonsense", "VmNotNamed")]
    [InlineData("Resolve-TestVm -Name web01", "VmNotNamed")]
    [InlineData("Resolve-TestVm -Name a/b -ResourceGroupName prod", "VmNotNamed")]
    [InlineData("Resolve-TestVm", "VmNotNamed")]
    // A disk's group and name could be those of a VM.
    [InlineData("[pscustomobject]@{ Id = '/subscriptions/s/resourceGroups/prod/providers/Microsoft.Compute/disks/web01'; ResourceGroupName = 'prod'; Name = 'web01' } | Resolve-TestVm", "NotAVirtualMachine")]
    public void WhatNamesNoVm_IsRefused(string script, string errorId)
    {
        using var host = ModuleHost.WithTestCmdlets();
        var result = host.Invoke(script);
        result.Failed(errorId);
        Assert.Empty(result.Output);
    }

    [Fact]
    public void Piped_OneBadAmongGood_LosesNoOther()
    {
        using var host = ModuleHost.WithTestCmdlets();
        var result = host.Invoke($"'{Web}', 'nonsense', '{Web}2' | Resolve-TestVm");
        Assert.Equal([Web, Web + "2"], result.Output);
        result.Failed("VmNotNamed");
    }

    private static void Expect(string script, string id)
    {
        using var host = ModuleHost.WithTestCmdlets();
        Assert.Equal([id], host.Invoke(script).Succeeded());
    }
}
