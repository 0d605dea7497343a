using System.Management.Automation;
using AzsBackup.Module.Tests.Hosting;

namespace AzsBackup.Module.Tests.Commands;

[Collection("Connections")]
public sealed class ConnectAzsStackTests(ConnectedStack connected)
{
    private const string ConnectEntra =
        "Connect-AzsStack $entra.ArmEndpoint -Credential $entraCredential -TenantId $entra.TenantId -CaCertificatePath $entra.CaCertificatePath";

    private const string ConnectAdfs =
        "Connect-AzsStack $adfs.ArmEndpoint -Credential $adfsCredential -CaCertificatePath $adfs.CaCertificatePath -Name east";

    [Fact]
    public void Credential_OnEntra_ConnectsAndIsTheDefault()
    {
        using var host = connected.NewHost();
        var output = host.Invoke($"$c = {ConnectEntra}; $c.IsDefault; $c.SubscriptionId; \"$($c.Identity)\"; $c.Location; Use-TestStack").Succeeded();
        Assert.Equal([true, connected.Entra.SubscriptionId, "Entra", "local", connected.Entra.SubscriptionId], output);
    }

    [Fact]
    public void Credential_OnAdfs_NeedsNoTenant()
    {
        using var host = connected.NewHost();
        var output = host.Invoke($"$c = {ConnectAdfs}; $c.Name; \"$($c.Identity)\"; Use-TestStack").Succeeded();
        Assert.Equal(["east", "Adfs", connected.Adfs.SubscriptionId], output);
    }

    [Fact]
    public void Stack_IsChosenByNameByObjectOrByDefault()
    {
        using var host = connected.NewHost();
        var output = host.Invoke($"$null = {ConnectEntra} -Name local; $east = {ConnectAdfs}; Use-TestStack; Use-TestStack -Stack LOCAL; Use-TestStack -Stack $east").Succeeded();
        Assert.Equal([connected.Adfs.SubscriptionId, connected.Entra.SubscriptionId, connected.Adfs.SubscriptionId], output);
        Assert.Equal(["east"], host.Complete("Use-TestStack -Stack e"));
    }

    [Fact]
    public void Stack_UnknownName_IsRefusedWithTheNamesThereAre()
    {
        using var host = connected.NewHost();
        var result = host.Invoke($"$null = {ConnectAdfs}; Use-TestStack -Stack west");
        var error = Assert.Single(result.Errors);
        Assert.Contains("No stack is connected by the name 'west'; connected: east.", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Disconnect_LeavesNoneOrTheOtherAsDefault()
    {
        using var host = connected.NewHost();
        var result = host.Invoke($"""
            $null = {ConnectEntra} -Name local; $east = {ConnectAdfs}
            Disconnect-AzsStack -WhatIf; @(Get-AzsStack).Count
            Disconnect-AzsStack; (Get-AzsStack).Name; (Get-AzsStack).IsDefault
            Disconnect-AzsStack local
            Use-TestStack -Stack $east
            """);
        Assert.Equal([2, "local", true], result.Output);
        result.Failed("StackNotConnected");
    }

    [Fact]
    public void Default_OfSeveralWithoutOne_MustBeNamed()
    {
        using var host = connected.NewHost();
        host.Invoke($"$null = {ConnectEntra} -Name a; $null = {ConnectEntra} -Name b; $null = {ConnectAdfs}; Disconnect-AzsStack; Use-TestStack").Failed("StackNotChosen");
    }

    [Fact]
    public void Name_OfAnotherEndpoint_IsRefusedAndOfTheSameReplaced()
    {
        using var host = connected.NewHost();
        host.Invoke($"$null = {ConnectAdfs}; {ConnectEntra} -Name east").Failed("StackNameTaken");
        Assert.Equal([1], host.Invoke($"$null = {ConnectAdfs}; @(Get-AzsStack).Count").Succeeded());
    }

    [Fact]
    public void Get_ByNameAndWildcard()
    {
        using var host = connected.NewHost();
        Assert.Equal(["east", "east"], host.Invoke($"$null = {ConnectEntra} -Name local; $null = {ConnectAdfs}; (Get-AzsStack e*).Name; (Get-AzsStack EAST).Name").Succeeded());
        Assert.Empty(host.Invoke("Get-AzsStack w*").Succeeded());
        host.Invoke("Get-AzsStack west").Failed("StackNotConnected");
    }

    [Fact]
    public void WrongSecret_IsOneErrorThatEndsTheCommandAndHoldsNoSecret()
    {
        using var host = connected.NewHost();
        host.Set("wrong", new PSCredential(connected.Entra.ClientId, ConnectedStack.Secret("not-the-secret")));
        var result = host.Invoke("Connect-AzsStack $entra.ArmEndpoint -Credential $wrong -TenantId $entra.TenantId -CaCertificatePath $entra.CaCertificatePath; @(Get-AzsStack).Count");
        Assert.Equal([0], result.Output);
        var error = result.Failed("SignInRefused");
        Assert.Equal(ErrorCategory.AuthenticationError, error.CategoryInfo.Category);
        Assert.Contains("refused the sign-in: AADSTS", error.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("not-the-secret", error + error.Exception.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void UntrustedCertificate_IsSaidAsWhatItIs()
    {
        using var host = connected.NewHost();
        var error = host.Invoke("Connect-AzsStack $entra.ArmEndpoint -Credential $entraCredential -TenantId $entra.TenantId").Failed("StackCertificateUntrusted");
        Assert.Equal(ErrorCategory.SecurityError, error.CategoryInfo.Category);
        Assert.Contains("-CaCertificatePath", error.ErrorDetails.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void NothingListens_IsSaidAsWhatItIs()
    {
        using var host = connected.NewHost();
        using var taken = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        taken.Start();
        var port = ((System.Net.IPEndPoint)taken.LocalEndpoint).Port;
        taken.Stop();
        var error = host.Invoke($"Connect-AzsStack 127.0.0.1:{port} -Credential $entraCredential").Failed("StackUnreachable");
        Assert.Equal(ErrorCategory.ConnectionError, error.CategoryInfo.Category);
        Assert.Contains($"127.0.0.1:{port}", error.ErrorDetails.Message, StringComparison.Ordinal);
        Assert.Equal([0], host.Invoke("@(Get-AzsStack).Count").Succeeded());
    }

    [Fact]
    public void SomethingThatIsNoStack_IsSaidAsWhatItIs()
    {
        using var host = connected.NewHost();

        // The control endpoint: an HTTP server, and neither TLS nor a Resource Manager.
        var error = host.Invoke($"Connect-AzsStack 127.0.0.1:{connected.Entra.ControlEndpoint.Port} -Credential $entraCredential").Failed("TlsFailed");
        Assert.Equal(ErrorCategory.ConnectionError, error.CategoryInfo.Category);

        // A website: TLS, and answers without metadata.
        error = host.Invoke("Connect-AzsStack \"$($entra.ArmEndpoint)website\" -Credential $entraCredential -CaCertificatePath $entra.CaCertificatePath").Failed("NotAStackEndpoint");
        Assert.Contains("Resource Manager", error.ErrorDetails.Message, StringComparison.Ordinal);
        Assert.Equal([0], host.Invoke("@(Get-AzsStack).Count").Succeeded());
    }

    [Theory]
    [InlineData("http://management.local.azurestack.external", "does not begin with https://")]
    [InlineData("https://adminmanagement.local.azurestack.external", "tenants use https://management.local.azurestack.external")]
    [InlineData("portal.local.azurestack.external", "its Resource Manager is https://management.local.azurestack.external")]
    [InlineData("https://", "is not an address")]
    public void WrongEndpoint_IsNamedBeforeAnythingIsSent(string endpoint, string message)
    {
        using var host = connected.NewHost();
        var error = Assert.Single(host.Invoke($"Connect-AzsStack {endpoint} -Credential $entraCredential").Errors);
        Assert.Contains(message, error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void AccessToken_Connects()
    {
        using var host = connected.NewHost();
        var output = host.Set("token", ConnectedStack.Secret(Token())).Invoke("""
            $null = Connect-AzsStack $entra.ArmEndpoint -AccessToken $token -CaCertificatePath $entra.CaCertificatePath
            Use-TestStack
            """).Succeeded();
        Assert.Equal([connected.Entra.SubscriptionId], output);
    }

    [Theory]
    [InlineData("$token")]
    [InlineData("$secureToken")]
    public void FromAzContext_BorrowsTheSessionsToken(string token)
    {
        using var host = connected.NewHost();
        host.Set("token", Token()).Set("secureToken", ConnectedStack.Secret(Token()));
        var result = host.Invoke(AzFunctions(token) + """
            $null = Connect-AzsStack -FromAzContext -CaCertificatePath $entra.CaCertificatePath
            Use-TestStack
            """);
        Assert.Equal([connected.Entra.SubscriptionId], result.Succeeded());
    }

    [Fact]
    public void FromAzContext_RefusedToken_TellsWhatAzSaid()
    {
        using var host = connected.NewHost();
        var error = host.Invoke(AzFunctions("throw 'AADSTS50173: sign in again'") + """
            $null = Connect-AzsStack -FromAzContext -CaCertificatePath $entra.CaCertificatePath
            """).Failed("AzTokenRefused");
        Assert.Contains("AADSTS50173", error.ErrorDetails.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void FromAzContext_WithoutAz_SaysSo()
    {
        using var host = connected.NewHost();
        host.Invoke("Connect-AzsStack -FromAzContext").Failed("AzContextMissing");
    }

    /// <summary>Functions that answer as the commands of Az.Accounts do.</summary>
    private static string AzFunctions(string token) => $$"""
        function Get-AzContext {
            [CmdletBinding()] param()
            [pscustomobject]@{
                Environment = [pscustomobject]@{ ResourceManagerUrl = $entra.ArmEndpoint.ToString() }
                Tenant = [pscustomobject]@{ Id = $entra.TenantId }; Subscription = [pscustomobject]@{ Id = $entra.SubscriptionId }
            }
        }
        function Get-AzAccessToken {
            [CmdletBinding()] param([string]$ResourceUrl)
            [pscustomobject]@{ Token = {{(token.StartsWith('$') ? token : $"$({token})")}}; ExpiresOn = [DateTimeOffset]::UtcNow.AddHours(1) }
        }

        """;

    /// <summary>Asks the stack for a token, as anybody could.</summary>
    private string Token()
    {
        using var handler = new HttpClientHandler { ServerCertificateCustomValidationCallback = (_, _, _, _) => true };
        using var client = new HttpClient(handler);
        return StorageAccountOwner.TokenAsync(client, connected.Entra).GetAwaiter().GetResult();
    }
}
