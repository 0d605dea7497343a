using System.Runtime.Loader;
using AzsBackup.Module.Tests.Hosting;

namespace AzsBackup.Module.Tests.Loading;

[Collection("Connections")]
public sealed class LoadContextTests(ConnectedStack connected)
{
    [Fact]
    public void DefaultContext_AfterAConnection_HoldsTheOldAzureCoreAndNothingOfOurDependencies()
    {
        connected.RunThroughEveryLayer();

        var old = TestSetup.OldAzureCore.GetName();
        Assert.Equal(new Version(1, 36, 0, 0), old.Version);
        Assert.Same(AssemblyLoadContext.Default, AssemblyLoadContext.GetLoadContext(TestSetup.OldAzureCore));

        var strangers = AssemblyLoadContext.Default.Assemblies
            .Where(assembly => !assembly.IsDynamic && assembly.Location.StartsWith(BuiltModule.DependenciesDirectory, StringComparison.Ordinal))
            .Select(assembly => assembly.GetName().Name);
        Assert.Empty(strangers);

        // What this host references itself (the emulator, the playground) lies in its own folder; all else of ours is the module's.
        var ours = AssemblyLoadContext.Default.Assemblies
            .Where(assembly => !assembly.IsDynamic && !assembly.Location.StartsWith(AppContext.BaseDirectory, StringComparison.Ordinal))
            .Select(assembly => assembly.GetName().Name!)
            .Where(name => name.Split('.')[0] == "AzsBackup" && name != "AzsBackup.Module.Tests.Cmdlets")
            .Order(StringComparer.Ordinal);
        Assert.Equal(["AzsBackup", "AzsBackup.Loader", "AzsBackup.Model"], ours);
    }

    [Fact]
    public void OwnContext_AfterAConnection_HoldsANewerAzureCoreAndOurEngine()
    {
        connected.RunThroughEveryLayer();

        var context = Assert.Single(AssemblyLoadContext.All, context => context.Name == "AzsBackup");
        var names = context.Assemblies.ToDictionary(assembly => assembly.GetName().Name!, assembly => assembly.GetName().Version!);
        Assert.True(names["Azure.Core"] > new Version(1, 36, 0, 0), $"Azure.Core {names["Azure.Core"]}");
        Assert.Contains("AzsBackup.Engine", names.Keys);
        Assert.Contains("AzsBackup.Azure", names.Keys);
        Assert.DoesNotContain("AzsBackup.Model", names.Keys);
    }
}
