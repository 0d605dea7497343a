using System.Management.Automation;
using System.Net;
using AzsBackup.Emulator.Hosting;

namespace AzsBackup.Playground.Stacks;

/// <summary>The two emulated stacks of the playground, in this process: they live and die with it.</summary>
internal sealed class TwoStacks : IAsyncDisposable
{
    private TwoStacks(EmulatedStack north, EmulatedStack south)
    {
        (North, South) = (north, south);
        NorthControl = new StackControl(north.ControlEndpoint, north.SubscriptionId);
        SouthControl = new StackControl(south.ControlEndpoint, south.SubscriptionId);
    }

    /// <summary>The stack with the sample estate; Microsoft Entra ID signs its tokens.</summary>
    public EmulatedStack North { get; }

    /// <summary>The stack VMs are copied to, with a network and nothing in it; AD FS signs its tokens.</summary>
    public EmulatedStack South { get; }

    /// <summary>The control endpoint of <see cref="North"/>.</summary>
    public StackControl NorthControl { get; }

    /// <summary>The control endpoint of <see cref="South"/>.</summary>
    public StackControl SouthControl { get; }

    /// <summary>Starts both.</summary>
    /// <param name="folder">An existing folder for their disks.</param>
    /// <param name="content">An image for each disk of the sample estate.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public static async Task<TwoStacks> StartAsync(
        string folder,
        IReadOnlyDictionary<string, string> content,
        CancellationToken cancellationToken)
    {
        var options = new EmulatedStackOptions { Region = "north", StateDirectory = Path.Combine(folder, "north"), Estate = "sample", DiskContent = content };
        var north = await EmulatedStack.StartAsync(options, cancellationToken);
        try
        {
            var south = await EmulatedStack.StartAsync(
                new EmulatedStackOptions
                {
                    Region = "south",
                    StateDirectory = Path.Combine(folder, "south"),
                    Identity = StackIdentityProvider.Adfs,
                    Estate = Path.Combine(AppContext.BaseDirectory, "Stacks", "standby.json"),
                },
                cancellationToken);
            return new TwoStacks(north, south);
        }
        catch
        {
            await north.DisposeAsync();
            throw;
        }
    }

    /// <summary>What an operator tells a tenant about a stack, as a user would keep it in a variable.</summary>
    public static PSObject Describe(EmulatedStack stack)
    {
        var facts = new PSObject();
        facts.Properties.Add(new PSNoteProperty("ArmEndpoint", stack.ArmEndpoint));
        facts.Properties.Add(new PSNoteProperty("TenantId", stack.TenantId));
        facts.Properties.Add(new PSNoteProperty("Credential", new PSCredential(stack.ClientId, new NetworkCredential("", stack.ClientSecret).SecurePassword)));
        facts.Properties.Add(new PSNoteProperty("CaCertificatePath", stack.CaCertificatePath));
        return facts;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        NorthControl.Dispose();
        SouthControl.Dispose();
        await North.DisposeAsync();
        await South.DisposeAsync();
    }
}
