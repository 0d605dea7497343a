using System.Globalization;
using System.Text;
using AzsBackup.Model;

namespace AzsBackup.Engine.Policies.Scheduling;

/// <summary>Writes schedules for the schedulers that people run already: a pure function of what is asked for.</summary>
public static class ScheduleWriter
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    /// <summary>The files, and the command that gives them to the scheduler.</summary>
    /// <exception cref="AzsException"><c>ScheduleInvalid</c>.</exception>
    public static (IReadOnlyList<ScheduleFile> Files, string Install) Write(ScheduleRequest request)
    {
        request.Validate();
        var name = request.Name;
        var (files, install) = request.Format switch
        {
            AzsScheduleFormat.TaskScheduler => (
                [new ScheduleFile($"{name}.xml", Task(request), new UnicodeEncoding(bigEndian: false, byteOrderMark: true))],
                $"schtasks /Create /TN {name} /XML {name}.xml /RU <account> /RP *"),
            AzsScheduleFormat.Cron => ([new ScheduleFile($"{name}.cron", Crontab(request), Utf8)], $"(crontab -l; cat {name}.cron) | crontab -"),
            AzsScheduleFormat.Systemd => (
                [new ScheduleFile($"{name}.service", Service(request), Utf8), new ScheduleFile($"{name}.timer", Timer(request), Utf8)],
                $"cp {name}.service {name}.timer /etc/systemd/system/ && systemctl daemon-reload && systemctl enable --now {name}.timer"),
            _ => ((ScheduleFile[])[new ScheduleFile($"{name}.yaml", Manifest(request), Utf8)], $"kubectl apply -f {name}.yaml"),
        };
        return request.Script is null || request.Format == AzsScheduleFormat.Kubernetes
            ? (files, install)
            : ([.. files, new ScheduleFile($"{name}.ps1", request.Script, Utf8)], install);
    }

    /// <summary>The start script.</summary>
    /// <param name="settings">What it needs to know; no secret.</param>
    public static string Script(StartScriptSettings settings) => ScheduleTemplate.Fill("start-script.ps1", settings.Values());

    private static string Task(ScheduleRequest request) => ScheduleTemplate.Fill("task.xml", new Dictionary<string, string>
    {
        ["name"] = ScheduleText.Xml(request.Name),
        ["interval"] = request.IntervalMinutes % 60 == 0 ? $"PT{request.IntervalMinutes / 60}H" : $"PT{request.IntervalMinutes}M",
        ["arguments"] = ScheduleText.Xml($"-NoProfile -NonInteractive -File \"{request.ScriptPath}\""),
    });

    private static string Crontab(ScheduleRequest request) => ScheduleTemplate.Fill("crontab", new Dictionary<string, string>
    {
        ["name"] = request.Name,
        ["calendar"] = CronCalendar(request.IntervalMinutes),
        ["command"] = $"pwsh -NoProfile -NonInteractive -File {ScheduleText.Cron(request.ScriptPath)}",
    });

    private static string Service(ScheduleRequest request) => ScheduleTemplate.Fill("service", new Dictionary<string, string>
    {
        ["name"] = request.Name,
        ["command"] = $"/usr/bin/env pwsh -NoProfile -NonInteractive -File {ScheduleText.Systemd(request.ScriptPath)}",
    });

    private static string Timer(ScheduleRequest request) => ScheduleTemplate.Fill("timer", new Dictionary<string, string>
    {
        ["name"] = request.Name,
        ["calendar"] = request.IntervalMinutes switch
        {
            < 60 => string.Create(CultureInfo.InvariantCulture, $"*-*-* *:00/{request.IntervalMinutes}:00"),
            1440 => "*-*-* 00:00:00",
            _ => string.Create(CultureInfo.InvariantCulture, $"*-*-* 00/{request.IntervalMinutes / 60}:00:00"),
        },
    });

    private static string Manifest(ScheduleRequest request)
    {
        var configMap = $"{request.Name}-script";
        var script = request.Script is null ? "" : ScheduleTemplate.Fill("configmap.yaml", new Dictionary<string, string>
        {
            ["configMap"] = ScheduleText.Yaml(configMap),
            ["content"] = string.Join('\n', request.Script.TrimEnd('\n').Split('\n').Select(line => line.Length == 0 ? "" : $"    {line}")),
        });
        var job = ScheduleTemplate.Fill("cronjob.yaml", new Dictionary<string, string>
        {
            ["name"] = ScheduleText.Yaml(request.Name),
            ["calendar"] = ScheduleText.Yaml(CronCalendar(request.IntervalMinutes)),
            ["shards"] = request.ShardCount.ToString(CultureInfo.InvariantCulture),
            ["image"] = ScheduleText.Yaml(request.Image!),
            ["script"] = ScheduleText.Yaml(request.Script is null ? request.ScriptPath : "/opt/azsbackup/start.ps1"),
            ["vaultMount"] = ScheduleText.Yaml(request.VaultMount ?? ""),
            ["configMap"] = ScheduleText.Yaml(configMap),
            ["claim"] = ScheduleText.Yaml($"{request.Name}-vault"),
        });
        if (request.Script is null) job = Without(job, "script");
        return script + (request.VaultMount is null ? Without(job, "vault") : job);
    }

    /// <summary>A manifest without a volume: its entries begin with its name and are indented below it.</summary>
    private static string Without(string manifest, string volume)
    {
        var kept = new List<string>();
        var depth = -1;
        foreach (var line in manifest.Split('\n'))
        {
            var indent = line.Length - line.TrimStart().Length;
            if (depth >= 0 && indent > depth) continue;
            depth = line.TrimStart() == $"- name: {volume}" ? indent : -1;
            if (depth < 0) kept.Add(line);
        }

        return string.Join('\n', kept);
    }

    private static string CronCalendar(int minutes) => minutes switch
    {
        1 => "* * * * *",
        < 60 => string.Create(CultureInfo.InvariantCulture, $"*/{minutes} * * * *"),
        60 => "0 * * * *",
        1440 => "0 0 * * *",
        _ => string.Create(CultureInfo.InvariantCulture, $"0 */{minutes / 60} * * *"),
    };
}
