using System.Management.Automation;
using System.Reflection;
using AzsBackup.Module.Tests.Hosting;

namespace AzsBackup.Module.Tests.Commands;

/// <summary>What holds for every exported command.</summary>
public sealed class CmdletContractTests
{
    /// <summary>Verbs that leave things as they are. Connect and Test change nothing that lasts.</summary>
    private static readonly string[] ReadingVerbs = ["Get", "Test", "Connect", "Compare"];

    [Fact]
    public void Commands_AreThoseInTheManifestThatExist() => Assert.NotEmpty(Commands());

    [Fact]
    public void Verbs_AreApproved()
    {
        var approved = typeof(VerbsCommon).Assembly.GetTypes()
            .Where(type => type.IsPublic && type.Name.StartsWith("Verbs", StringComparison.Ordinal))
            .SelectMany(type => type.GetFields().Select(field => (string)field.GetRawConstantValue()!))
            .ToHashSet();
        Assert.All(Commands(), command => Assert.Contains(command.Verb, approved));
    }

    [Fact]
    public void Nouns_CarryThePrefixAndAreSingular() => Assert.All(Commands(), command =>
    {
        Assert.StartsWith("Azs", command.Noun, StringComparison.Ordinal);
        Assert.NotEqual("AzsBackup", command.Noun);
        Assert.DoesNotMatch("[^s]s$", command.Noun);
    });

    [Fact]
    public void Classes_AreNamedAlike() => Assert.All(Commands(), command =>
        Assert.Equal($"AzsBackup.Commands.{command.Verb}{command.Noun}Command", command.ImplementingType.FullName));

    [Fact]
    public void OutputTypes_AreDeclared() => Assert.All(Commands(), command =>
        Assert.NotEmpty(command.ImplementingType.GetCustomAttributes<OutputTypeAttribute>()));

    [Fact]
    public void WhatIf_IsThereWhereSomethingIsChanged() => Assert.All(Commands(), command =>
    {
        // Test-AzsBackupVault reads, but with -Repair it writes; Test-AzsVmBackup makes things with -Boot, Test-AzsStack with -Probe.
        if (!ReadingVerbs.Contains(command.Verb) || command.Name is "Test-AzsBackupVault" or "Test-AzsVmBackup" or "Test-AzsStack") Assert.Contains("WhatIf", command.Parameters.Keys);
        else Assert.DoesNotContain("WhatIf", command.Parameters.Keys);
    });

    [Fact]
    public void Parameters_AreOfOurTypesOrOfTheEngineAndDotNet() => Assert.All(OwnParameters(), parameter =>
    {
        var type = parameter.Parameter.ParameterType;
        while (type.HasElementType) type = type.GetElementType()!;
        foreach (var named in type.GetGenericArguments().Append(type))
        {
            var assembly = named.Assembly.GetName().Name!;
            Assert.True(
                assembly is "System.Management.Automation" or "AzsBackup.Model" or "AzsBackup" || named.Assembly == typeof(object).Assembly || named.Assembly == typeof(Uri).Assembly,
                $"{parameter} is a {named} of {assembly}");
        }
    });

    [Fact]
    public void Parameters_AreSaidWhatTheyAreFor() => Assert.All(OwnParameters(), parameter =>
        Assert.All(
            parameter.Parameter.Attributes.OfType<ParameterAttribute>(),
            attribute => Assert.False(string.IsNullOrWhiteSpace(attribute.HelpMessage), $"{parameter} has no HelpMessage")));

    [Fact]
    public void Secrets_AreNoPlainStrings() => Assert.All(OwnParameters(), parameter =>
    {
        if (parameter.Parameter.Name is not ("Password" or "AccessToken" or "CertificatePassword" or "RecoveryKey")) return;
        Assert.Equal(typeof(System.Security.SecureString), parameter.Parameter.ParameterType);
    });

    private static List<CmdletInfo> Commands()
    {
        using var host = ModuleHost.WithModule();
        return host.Invoke("Get-Command -Module AzsBackup -CommandType Cmdlet").Succeeded().Cast<CmdletInfo>().ToList();
    }

    private static List<(string Command, ParameterMetadata Parameter)> OwnParameters() => Commands()
        .SelectMany(command => command.Parameters.Values
            .Where(parameter => !Cmdlet.CommonParameters.Contains(parameter.Name) && !Cmdlet.OptionalCommonParameters.Contains(parameter.Name))
            .Select(parameter => (command.Name, parameter)))
        .ToList();
}
