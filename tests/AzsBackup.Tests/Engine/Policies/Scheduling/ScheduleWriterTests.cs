using System.Diagnostics;
using System.Xml.Linq;
using AzsBackup.Engine.Policies.Scheduling;
using AzsBackup.Model;
using AzsBackup.Tests.Vault;
using FsCheck;
using FsCheck.Xunit;
using Xunit;
using YamlDotNet.RepresentationModel;

namespace AzsBackup.Tests.Engine.Policies.Scheduling;

public sealed class ScheduleWriterTests
{
    /// <summary>A path that hurts every format which takes it as it is.</summary>
    private const string Awkward = "/srv/a b/it's $HOME 100% <&> `x` é.ps1";

    private static readonly XNamespace Schema = "http://schemas.microsoft.com/windows/2004/02/mit/task";

    [Fact]
    public void TaskScheduler_AnyPath_IsXmlWithThatPath()
    {
        var (files, install) = ScheduleWriter.Write(Request(AzsScheduleFormat.TaskScheduler));
        var file = Assert.Single(files);
        using var bytes = new MemoryStream([.. file.Encoding.GetPreamble(), .. file.Encoding.GetBytes(file.Content)]);
        var task = XDocument.Load(bytes);
        Assert.Equal($"-NoProfile -NonInteractive -File \"{Awkward}\"", task.Descendants(Schema + "Arguments").Single().Value);
        Assert.Equal("PT15M", task.Descendants(Schema + "Interval").Single().Value);
        Assert.Contains("schtasks /Create", install, StringComparison.Ordinal);
    }

    /// <summary>The parts of a task stand in the order that the schema asks for (MS-TSCH, taskType and settingsType).</summary>
    [Fact]
    public void TaskScheduler_Elements_StandWhereTheSchemaWantsThem()
    {
        var task = XDocument.Parse(ScheduleWriter.Write(Request(AzsScheduleFormat.TaskScheduler)).Files[0].Content).Root!;
        Assert.Equal(["RegistrationInfo", "Triggers", "Settings", "Actions"], task.Elements().Select(element => element.Name.LocalName));
        Assert.All(task.DescendantsAndSelf(), element => Assert.Equal(Schema, element.Name.Namespace));
        Assert.Equal(["Repetition", "StartBoundary", "Enabled"], task.Descendants(Schema + "TimeTrigger").Elements().Select(element => element.Name.LocalName));
    }

    /// <summary>A shell reads the command of the line as cron would hand it over: with the percent signs' backslashes gone.</summary>
    [Theory]
    [InlineData(15, "*/15 * * * *")]
    [InlineData(60, "0 * * * *")]
    [InlineData(240, "0 */4 * * *")]
    [InlineData(1440, "0 0 * * *")]
    public async Task Cron_AnyPath_ArrivesAtTheCommandAsItIs(int minutes, string calendar)
    {
        var (files, _) = ScheduleWriter.Write(Request(AzsScheduleFormat.Cron) with { IntervalMinutes = minutes });
        var line = files[0].Content.TrimEnd('\n').Split('\n')[^1];
        Assert.StartsWith(calendar + " pwsh ", line, StringComparison.Ordinal);
        Assert.DoesNotContain("%", line.Replace("\\%", "", StringComparison.Ordinal), StringComparison.Ordinal);
        if (!File.Exists("/bin/sh")) return;
        var command = line[(calendar.Length + 1)..].Replace("\\%", "%", StringComparison.Ordinal);
        var said = await RunAsync("/bin/sh", "-c", command.Replace("pwsh ", "printf '%s\\n' ", StringComparison.Ordinal));
        Assert.Equal(["-NoProfile", "-NonInteractive", "-File", Awkward], said.Output.TrimEnd('\n').Split('\n'));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(15)]
    [InlineData(60)]
    [InlineData(360)]
    [InlineData(1440)]
    public async Task Systemd_Units_AreVerifiedBySystemd(int minutes)
    {
        Assert.SkipUnless(File.Exists("/usr/bin/systemd-analyze"), "There is no systemd-analyze here.");
        using var folder = new TemporaryFolder();
        var (files, _) = ScheduleWriter.Write(Request(AzsScheduleFormat.Systemd) with { IntervalMinutes = minutes });
        foreach (var file in files) await File.WriteAllTextAsync(Path.Combine(folder.Path, file.Name), file.Content, file.Encoding, TestContext.Current.CancellationToken);
        var paths = files.Select(file => Path.Combine(folder.Path, file.Name)).ToArray();
        var (code, output) = await RunAsync("/usr/bin/systemd-analyze", ["verify", "--man=no", .. paths]);
        Assert.True(code == 0 && !output.Contains("azsbackup", StringComparison.Ordinal), output);
        var calendar = files[1].Content.Split('\n').Single(line => line.StartsWith("OnCalendar=", StringComparison.Ordinal))["OnCalendar=".Length..];
        (code, output) = await RunAsync("/usr/bin/systemd-analyze", "calendar", "--iterations=3", calendar);
        Assert.True(code == 0, output);
    }

    [Theory]
    [InlineData(true, "/mnt/vault")]
    [InlineData(true, null)]
    [InlineData(false, "/mnt/vault")]
    [InlineData(false, null)]
    public async Task Kubernetes_Manifest_IsYamlOfACronJob(bool script, string? vault)
    {
        var request = Request(AzsScheduleFormat.Kubernetes) with { Image = "registry.local/azsbackup:1", ShardCount = 3, VaultMount = vault, Script = script ? ScheduleWriter.Script(Settings()) : null };
        var text = ScheduleWriter.Write(request).Files.Single().Content;
        var yaml = new YamlStream();
        yaml.Load(new StringReader(text));
        var documents = yaml.Documents.Select(document => (YamlMappingNode)document.RootNode).ToList();
        var job = documents[^1];
        Assert.Equal(("batch/v1", "CronJob", "*/15 * * * *", "Forbid"), (Text(job, "apiVersion"), Text(job, "kind"), Text(job, "spec", "schedule"), Text(job, "spec", "concurrencyPolicy")));
        Assert.Equal(("Indexed", "3", "3"), (Text(job, "spec", "jobTemplate", "spec", "completionMode"), Text(job, "spec", "jobTemplate", "spec", "completions"), Text(job, "spec", "jobTemplate", "spec", "parallelism")));
        var pod = (YamlMappingNode)Node(job, "spec", "jobTemplate", "spec", "template", "spec");
        var expected = new[] { "secrets", script ? "script" : null, vault is null ? null : "vault" }.OfType<string>();
        Assert.Equal(expected, ((YamlSequenceNode)pod.Children["volumes"]).Select(volume => Text((YamlMappingNode)volume, "name")));
        Assert.Equal(expected, ((YamlSequenceNode)((YamlMappingNode)((YamlSequenceNode)pod.Children["containers"])[0]).Children["volumeMounts"]).Select(mount => Text((YamlMappingNode)mount, "name")));
        if (script) Assert.Equal(request.Script, Text(documents[0], "data", "start.ps1"));
        await AssertKubectlReadsAsync(text);
    }

    [Fact]
    public void Script_HostileSettings_StayText()
    {
        var script = ScheduleWriter.Script(Settings() with { ClientId = "'; Remove-Item / #", VaultPath = "{{module}}", TenantId = "a’b" });
        Assert.Contains("$clientId = '''; Remove-Item / #'", script, StringComparison.Ordinal);
        Assert.Contains("$vaultPath = '{{module}}'", script, StringComparison.Ordinal);
        Assert.Contains("$tenantId = 'a’’b'", script, StringComparison.Ordinal);
    }

    [Property]
    public bool Interval_Accepted_IsAPartOfAnHourOrADay(PositiveInt minutes)
    {
        try
        {
            ScheduleWriter.Write(Request(AzsScheduleFormat.Cron) with { IntervalMinutes = minutes.Get });
            return 1440 % minutes.Get == 0 && (minutes.Get < 60 ? 60 % minutes.Get == 0 : minutes.Get % 60 == 0);
        }
        catch (AzsException invalid) when (invalid.ErrorId == "ScheduleInvalid")
        {
            return 1440 % minutes.Get != 0 || (minutes.Get < 60 ? 60 % minutes.Get != 0 : minutes.Get % 60 != 0);
        }
    }

    [Theory]
    [InlineData("", AzsScheduleFormat.Cron)]
    [InlineData("Upper", AzsScheduleFormat.Cron)]
    [InlineData("a;b", AzsScheduleFormat.Systemd)]
    [InlineData("ok", AzsScheduleFormat.Kubernetes)]
    public void Write_WhatCantBe_SaysSo(string name, AzsScheduleFormat format) =>
        Assert.Equal("ScheduleInvalid", Assert.Throws<AzsException>(() => ScheduleWriter.Write(Request(format) with { Name = name })).ErrorId);

    private static ScheduleRequest Request(AzsScheduleFormat format) => new() { Format = format, Name = "azsbackup", IntervalMinutes = 15, ScriptPath = Awkward };

    private static StartScriptSettings Settings() => new()
    {
        ArmEndpoint = "https://management.local.azurestack.external/",
        ClientId = "11111111-2222-3333-4444-555555555555",
        CertificatePath = "/run/secrets/azsbackup/app.pem",
        VaultPath = "/mnt/vault",
        VaultPasswordPath = "/run/secrets/azsbackup/vault",
        ShardCount = 3,
    };

    /// <summary>Where kubectl is there: it reads the manifest as a resource, without a cluster.</summary>
    private static async Task AssertKubectlReadsAsync(string manifest)
    {
        if (!File.Exists("/usr/bin/kubectl")) return;
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(Path.Combine(folder.Path, "job.yaml"), manifest, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(Path.Combine(folder.Path, "kustomization.yaml"), "resources: [job.yaml]\n", TestContext.Current.CancellationToken);
        var (code, output) = await RunAsync("/usr/bin/kubectl", "kustomize", folder.Path);
        Assert.True(code == 0, output);
        Assert.Contains("kind: CronJob", output, StringComparison.Ordinal);
    }

    private static YamlNode Node(YamlMappingNode node, params string[] path) => path.Aggregate((YamlNode)node, (inner, name) => ((YamlMappingNode)inner).Children[name]);

    private static string Text(YamlMappingNode node, params string[] path) => ((YamlScalarNode)Node(node, path)).Value!;

    private static async Task<(int Code, string Output)> RunAsync(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, output + await errors);
    }
}
