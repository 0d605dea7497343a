using System.Runtime.CompilerServices;

namespace AzsBackup.Module.Tests.Hosting;

/// <summary>Runs before any test.</summary>
internal static class TestSetup
{
    /// <summary>The Azure.Core in the default context: older than ours, as Az.Accounts would have loaded it.</summary>
    public static readonly System.Reflection.Assembly OldAzureCore = typeof(global::Azure.Core.AccessToken).Assembly;

    [ModuleInitializer]
    internal static void Prepare()
    {
        // The engine writes a telemetry id into the user's profile otherwise.
        Environment.SetEnvironmentVariable("POWERSHELL_TELEMETRY_OPTOUT", "1");
        _ = OldAzureCore.GetTypes();
    }
}
