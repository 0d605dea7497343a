using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using AzsBackup.Module.Tests.Hosting;

namespace AzsBackup.Module.Tests.Loading;

/// <summary>
/// On a runtime older than our packages (PowerShell 7.4 and 7.5) the module loads its own System.Text.Json or
/// System.Diagnostics.DiagnosticSource. A member of the runtime that takes or gives a type of those then does not exist for us:
/// SocketsHttpHandler.ActivityHeadersPropagator once broke every connection there, unseen by tests on a newer runtime.
/// </summary>
public sealed class CrossingTests
{
    private static readonly string RuntimeDirectory = Path.GetDirectoryName(typeof(object).Assembly.Location)!;

    [Theory]
    [InlineData("AzsBackup.dll")]
    [InlineData("dependencies/AzsBackup.Vault.dll")]
    [InlineData("dependencies/AzsBackup.Engine.dll")]
    [InlineData("dependencies/AzsBackup.Azure.dll")]
    public void Members_OfTheRuntime_TakeNoTypeWeBringOurselves(string assembly) =>
        Assert.Empty(Crossings(Path.Combine(BuiltModule.Root, "module", "bin", assembly)));

    [Fact]
    public void Commands_UseNoTypeThatExistsOnBothSides()
    {
        // They live in the default context and speak to the engine in the module's own.
        using var image = new PEReader(File.OpenRead(Path.Combine(BuiltModule.Root, "module", "bin", "AzsBackup.dll")));
        var reader = image.GetMetadataReader();
        var references = reader.AssemblyReferences.Select(handle => reader.GetString(reader.GetAssemblyReference(handle).Name));
        Assert.DoesNotContain(references, IsOnBothSides);
    }

    private static List<string> Crossings(string path)
    {
        using var image = new PEReader(File.OpenRead(path));
        var reader = image.GetMetadataReader();
        var crossings = new List<string>();
        foreach (var handle in reader.MemberReferences)
        {
            var member = reader.GetMemberReference(handle);
            if (SignatureAssemblies.AssemblyOf(reader, member.Parent) is not { } owner || !IsOnlyTheRuntimes(owner)) continue;
            var signature = new SignatureAssemblies();
            var mentioned = member.GetKind() == MemberReferenceKind.Method
                ? signature.GetFunctionPointerType(member.DecodeMethodSignature(signature, null))
                : member.DecodeFieldSignature(signature, null);
            crossings.AddRange(mentioned.Where(IsOnBothSides).Select(name => $"{owner}: {reader.GetString(member.Name)} takes a type of {name}"));
        }

        return crossings;
    }

    private static bool IsOurs(string assembly) => File.Exists(Path.Combine(BuiltModule.DependenciesDirectory, assembly + ".dll"));

    private static bool IsTheRuntimes(string assembly) => File.Exists(Path.Combine(RuntimeDirectory, assembly + ".dll"));

    private static bool IsOnBothSides(string assembly) => IsOurs(assembly) && IsTheRuntimes(assembly);

    private static bool IsOnlyTheRuntimes(string assembly) => !IsOurs(assembly) && IsTheRuntimes(assembly);
}
