using AzsBackup.Emulator.Hosting;
using AzsBackup.Module.Tests.Hosting;

namespace AzsBackup.Module.Tests.Commands;

/// <summary><c>Test-AzsStack</c> as a user sees it.</summary>
[Collection("Connections")]
public sealed class TestAzsStackTests(ConnectedStack stacks)
{
    private const string Connect =
        "Connect-AzsStack $entra.ArmEndpoint -Credential $entraCredential -TenantId $entra.TenantId -CaCertificatePath $entra.CaCertificatePath -Name first | Out-Null; ";

    private const string Told = " | ForEach-Object { '{0}|{1}|{2}|{3}' -f $_.Stack, $_.Probe, $_.Status, [bool]$_.NextStep }";

    [Fact]
    public void DefaultStack_WithoutProbe_GivesRows()
    {
        using var host = stacks.NewHost();
        var rows = host.Invoke(Connect + "Test-AzsStack" + Told).Succeeded();
        Assert.Contains("first|Connection|Ready|False", rows);
        Assert.Contains("first|Change reports|Unknown|True", rows);
    }

    [Fact]
    public void Pipeline_WithProbe_TriesIt()
    {
        using var host = stacks.NewHost();
        Assert.Contains("first|Change reports|Ready|False", host.Invoke(Connect + "Get-AzsStack | Test-AzsStack -Probe" + Told).Succeeded());
    }

    [Fact]
    public void Probe_WhatIf_MakesNothing()
    {
        using var host = stacks.NewHost();
        var before = Writes(stacks.Entra);
        Assert.Contains("first|Change reports|Unknown|True", host.Invoke(Connect + "Test-AzsStack -Probe -WhatIf" + Told).Succeeded());
        Assert.Equal(before, Writes(stacks.Entra));
    }

    [Fact]
    public void NoStack_IsToldOf()
    {
        using var host = stacks.NewHost();
        host.Invoke("Test-AzsStack").Failed("StackNotConnected");
    }

    private static int Writes(EmulatedStack stack) => stack.RecentRequests.Count(request => request.Method is "PUT" or "DELETE");
}
