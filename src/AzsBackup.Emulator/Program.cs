using System.Runtime.InteropServices;
using System.Text.Json;
using AzsBackup.Emulator.Estates;
using AzsBackup.Emulator.Hosting;

if (args.Contains("--help"))
{
    Console.WriteLine(CommandLine.Help);
    return 0;
}

using CancellationTokenSource end = new();
void End(PosixSignalContext signal)
{
    signal.Cancel = true;
    end.Cancel();
}

using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, End);
using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, End);
try
{
    await using EmulatedStack stack = await EmulatedStack.StartAsync(CommandLine.Parse(args), end.Token);
    Console.WriteLine(JsonSerializer.Serialize(new
    {
        armEndpoint = stack.ArmEndpoint.AbsoluteUri,
        controlEndpoint = stack.ControlEndpoint.AbsoluteUri,
        proxyEndpoint = stack.ProxyEndpoint?.AbsoluteUri,
        caCertificatePath = stack.CaCertificatePath,
        identity = stack.Identity == StackIdentityProvider.Adfs ? "adfs" : "entra",
        tenantId = stack.TenantId,
        clientId = stack.ClientId,
        clientSecret = stack.ClientSecret,
        subscriptionId = stack.SubscriptionId,
        location = stack.Location,
    }));
    await stack.WaitForShutdownAsync(end.Token);
    return 0;
}
catch (OperationCanceledException) when (end.IsCancellationRequested)
{
    return 0;
}
catch (Exception exception) when (exception is FormatException or EstateException)
{
    await Console.Error.WriteLineAsync(exception.Message);
    return 2;
}
catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
{
    await Console.Error.WriteLineAsync($"The stack cannot start: {exception.Message}");
    return 1;
}
