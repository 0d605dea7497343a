using System.Management.Automation;
using System.Security;
using AzsBackup.Emulator.Hosting;

namespace AzsBackup.Module.Tests.Hosting;

/// <summary>
/// Two emulated stacks, one with Entra ID and one with AD FS, for the tests of what is one per process: the list of connections.
/// </summary>
public sealed class ConnectedStack : IAsyncLifetime
{
    public EmulatedStack Entra { get; private set; } = null!;

    public EmulatedStack Adfs { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Entra = await EmulatedStack.StartAsync(new EmulatedStackOptions(), CancellationToken.None);
        Adfs = await EmulatedStack.StartAsync(
            new EmulatedStackOptions { Region = "east", Identity = StackIdentityProvider.Adfs }, CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        await Entra.DisposeAsync();
        await Adfs.DisposeAsync();
    }

    /// <summary>A runspace with the module, the test commands, no connection, and the stacks' data in variables.</summary>
    internal ModuleHost NewHost()
    {
        var host = ModuleHost.WithTestCmdlets();
        host.Invoke("Get-AzsStack | Disconnect-AzsStack").Succeeded();
        return host
            .Set("entra", Entra).Set("entraCredential", CredentialOf(Entra))
            .Set("adfs", Adfs).Set("adfsCredential", CredentialOf(Adfs));
    }

    /// <summary>Connects and sends a request, so that every assembly on the way is loaded.</summary>
    internal void RunThroughEveryLayer()
    {
        using var host = NewHost();
        host.Invoke("""
            $null = Connect-AzsStack $entra.ArmEndpoint -Credential $entraCredential -TenantId $entra.TenantId -CaCertificatePath $entra.CaCertificatePath
            Use-TestStack
            """).Succeeded();
    }

    internal static SecureString Secret(string text)
    {
        var secret = new SecureString();
        foreach (var letter in text) secret.AppendChar(letter);
        return secret;
    }

    private static PSCredential CredentialOf(EmulatedStack stack) => new(stack.ClientId, Secret(stack.ClientSecret));
}
