using System.Reflection;
using System.Xml.Linq;
using Xunit;

namespace AzsBackup.Tests;

/// <summary>References point one way: cmdlets → Azure → Engine → Vault → Model; the emulated stack uses none of them.</summary>
public sealed class LayeringTests
{
    private static readonly string Root = typeof(LayeringTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(data => data.Key == "RepositoryRoot").Value!;

    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["AzsBackup.Model"] = [],
        ["AzsBackup.Loader"] = [],
        ["AzsBackup.Vault"] = ["AzsBackup.Model"],
        ["AzsBackup.Engine"] = ["AzsBackup.Model", "AzsBackup.Vault"],
        ["AzsBackup.Azure"] = ["AzsBackup.Model", "AzsBackup.Vault", "AzsBackup.Engine"],
        ["AzsBackup.Emulator"] = [],
    };

    private static readonly string[] PureAssemblies = ["AzsBackup.Model", "AzsBackup.Engine", "AzsBackup.Vault"];

    public static TheoryData<string> Assemblies => [.. Allowed.Keys.Where(name => name != "AzsBackup.Loader")];

    [Theory]
    [MemberData(nameof(Assemblies))]
    public void Assembly_ReferencesOfOurs_PointDownOnly(string name)
    {
        var ours = Assembly.Load(name).GetReferencedAssemblies()
            .Select(reference => reference.Name!)
            .Where(reference => reference.StartsWith("AzsBackup", StringComparison.Ordinal));

        Assert.Empty(ours.Except(Allowed[name]));
    }

    [Fact]
    public void Assembly_OnlyAzure_KnowsTheAzureSdk()
    {
        var knowing = Assemblies.Select(row => row.Data)
            .Where(name => Assembly.Load(name).GetReferencedAssemblies().Any(reference => reference.Name!.StartsWith("Azure", StringComparison.Ordinal)))
            .ToList();

        Assert.Equal(["AzsBackup.Azure"], knowing);
    }

    [Fact]
    public void Signatures_OfModelVaultAndEngine_NameNoThirdPartyType()
    {
        var foreign = PureAssemblies
            .SelectMany(name => Assembly.Load(name).GetExportedTypes())
            .SelectMany(type => SignatureTypes(type).Select(used => (type, used)))
            .Where(pair => !IsOursOrDotNet(pair.used))
            .Select(pair => $"{pair.type.FullName} uses {pair.used.FullName}")
            .ToList();

        Assert.Empty(foreign);
    }

    /// <summary>The shell and its hosts can't be loaded here without the engine's own types winning over the module's, so their project files are read.</summary>
    [Theory]
    [InlineData("src/AzsBackup.Loader/AzsBackup.Loader.csproj", new string[0])]
    [InlineData("src/AzsBackup.Playground/AzsBackup.Playground.csproj", new[] { "AzsBackup.Emulator" })]
    [InlineData("tests/AzsBackup.Module.Tests/AzsBackup.Module.Tests.csproj", new[] { "AzsBackup.Emulator", "AzsBackup.Playground", "AzsBackup.PowerShellWorker" })]
    [InlineData("tests/AzsBackup.PowerShellWorker/AzsBackup.PowerShellWorker.csproj", new string[0])]
    public void Project_ReferencesByAssembly_AreTheseOnly(string project, string[] allowed)
    {
        var referenced = XDocument.Load(Path.Combine(Root, project)).Descendants("ProjectReference")
            .Where(reference => (string?)reference.Attribute("ReferenceOutputAssembly") != "false")
            .Select(reference => Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value.Replace('\\', '/')));

        Assert.Equal(allowed, referenced);
    }

    private static IEnumerable<Type> SignatureTypes(Type type)
    {
        const BindingFlags all = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;
        var members = type.GetMethods(all).Where(method => method.IsPublic || method.IsFamily)
            .SelectMany(method => method.GetParameters().Select(parameter => parameter.ParameterType).Append(method.ReturnType))
            .Concat(type.GetConstructors(all).Where(made => made.IsPublic || made.IsFamily).SelectMany(made => made.GetParameters().Select(parameter => parameter.ParameterType)))
            .Concat(type.GetFields(all).Where(field => field.IsPublic || field.IsFamily).Select(field => field.FieldType))
            .Concat(type.GetInterfaces());
        return (type.BaseType is null ? members : members.Append(type.BaseType)).SelectMany(Unwrap);
    }

    private static IEnumerable<Type> Unwrap(Type type)
    {
        if (type.HasElementType) return Unwrap(type.GetElementType()!);
        return type.IsGenericType ? type.GetGenericArguments().SelectMany(Unwrap).Append(type.GetGenericTypeDefinition()) : [type];
    }

    private static bool IsOursOrDotNet(Type type) =>
        type.Assembly.GetName().Name is { } name
        && (name.StartsWith("AzsBackup", StringComparison.Ordinal) || name.StartsWith("System.", StringComparison.Ordinal));
}
