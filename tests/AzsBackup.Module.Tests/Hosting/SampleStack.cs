using System.Management.Automation;
using System.Security.Cryptography;
using AzsBackup.Emulator.Hosting;

namespace AzsBackup.Module.Tests.Hosting;

/// <summary>
/// A stack with the sample estate, its disks small and filled with real files, shared by the tests of one class. Connections are
/// the process's: a class that uses it belongs to the collection "Connections".
/// </summary>
public sealed class SampleStack : IAsyncLifetime
{
    public const string Password = "correct horse battery staple";

    private readonly ScratchFolder _images = new();

    /// <summary>The VMs of the estate; the database's disks are blobs of the tenant's own account.</summary>
    public static IReadOnlyList<string> VmNames { get; } = ["app-web-1", "app-web-2", "db-1"];

    public EmulatedStack Stack { get; private set; } = null!;

    internal StackProbe Probe { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        var content = VmNames.SelectMany((vm, number) => new[]
        {
            (Disk: DiskTemplate(vm, null), Image: DiskImages.Write(_images.File($"{vm}-os.img"), 12, 3 * number)),
            (Disk: DiskTemplate(vm, 0), Image: DiskImages.Write(_images.File($"{vm}-lun0.img"), 4, 100 + number)),
        }).ToDictionary(pair => pair.Disk, pair => pair.Image);
        Stack = await EmulatedStack.StartAsync(new EmulatedStackOptions { Estate = "sample", DiskContent = content }, CancellationToken.None);
        Probe = new StackProbe(Stack);
    }

    public async ValueTask DisposeAsync()
    {
        Probe.Dispose();
        await Stack.DisposeAsync();
        _images.Dispose();
    }

    /// <summary>A VM's ARM id.</summary>
    public string VmId(string name) =>
        $"/subscriptions/{Stack.SubscriptionId}/resourceGroups/contoso-app/providers/Microsoft.Compute/virtualMachines/{name}";

    /// <summary>A disk's ARM id, or the address of its blob.</summary>
    public string DiskId(string vm, int? lun) => DiskTemplate(vm, lun).Replace("{subscriptionId}", Stack.SubscriptionId, StringComparison.Ordinal);

    /// <summary>Another image for a disk, in the disk's size.</summary>
    internal string NextImage(string name, int size) => DiskImages.Write(_images.File(name), size, 40);

    /// <summary>A host connected with this stack alone, with a password in <c>$password</c>.</summary>
    internal ModuleHost Connect(int width = 120)
    {
        var host = ModuleHost.WithModule(width);
        host.Invoke("Get-AzsStack | Disconnect-AzsStack").Succeeded();
        return Connect(host, Stack, "local").Set("password", ConnectedStack.Secret(Password));
    }

    /// <summary>Connects a host with one more stack, which becomes the default.</summary>
    internal static ModuleHost Connect(ModuleHost host, EmulatedStack stack, string name)
    {
        host.Set("stack", stack).Set("credential", new PSCredential(stack.ClientId, ConnectedStack.Secret(stack.ClientSecret))).Set("name", name);
        host.Invoke("""
            $null = Connect-AzsStack $stack.ArmEndpoint -Credential $credential -TenantId $stack.TenantId -CaCertificatePath $stack.CaCertificatePath -Name $name
            """).Succeeded();
        return host;
    }

    /// <summary>The SHA-256 of a file, in lower-case hexadecimal.</summary>
    internal static string HashOf(string file)
    {
        using var stream = File.OpenRead(file);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }

    /// <summary>Checks that restored files hold what is on the stack's disks.</summary>
    internal async Task AssertRestoredAsync(string folder, params IEnumerable<string> vms)
    {
        foreach (var vm in vms)
        {
            Assert.Equal(await Probe.HashAsync(DiskId(vm, null)), HashOf(Path.Combine(folder, $"{vm}-os.vhd")));
            Assert.Equal(await Probe.HashAsync(DiskId(vm, 0)), HashOf(Path.Combine(folder, $"{vm}-lun0.vhd")));
        }
    }

    private static string DiskTemplate(string vm, int? lun) => vm == "db-1"
        ? $"https://contosoappdata.blob/vhds/{vm}-{(lun is null ? "os" : "data")}.vhd"
        : $"/subscriptions/{{subscriptionId}}/resourceGroups/contoso-app/providers/Microsoft.Compute/disks/{vm}-{(lun is null ? "os" : "data")}";
}
