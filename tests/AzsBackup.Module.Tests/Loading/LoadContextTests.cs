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

        var ours = AssemblyLoadContext.Default.Assemblies
            .Select(assembly => assembly.GetName().Name!)
            .Where(name => name is "AzsBackup" || (name.StartsWith("AzsBackup.", StringComparison.Ordinal) && !name.StartsWith("AzsBackup.Module.Tests", StringComparison.Ordinal)))
            .Order(StringComparer.Ordinal);
        Assert.Equal(["AzsBackup", "AzsBackup.Emulator", "AzsBackup.Loader", "AzsBackup.Model"], ours);
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
