using System.Management.Automation;
using System.Management.Automation.Runspaces;
using System.Xml;
using AzsBackup.HelpCompiler;

// HelpCompiler <manifest> <folder of pages> <help file to write>
if (args is not [var manifest, var pages, var output])
{
    await Console.Error.WriteLineAsync("HelpCompiler: give the module's manifest, the folder of pages, and the file to write.");
    return 2;
}

try
{
    using var runspace = RunspaceFactory.CreateRunspace(InitialSessionState.CreateDefault2());
    runspace.Open();
    using var shell = PowerShell.Create(runspace);
    shell.AddCommand("Import-Module").AddParameter("Name", manifest).AddParameter("PassThru").AddParameter("ErrorAction", "Stop");
    var cmdlets = shell.Invoke<PSModuleInfo>().Single().ExportedCmdlets.Values.OrderBy(cmdlet => cmdlet.Name, StringComparer.Ordinal);

    var read = Directory.EnumerateFiles(pages, "*.md").Select(HelpPage.Read).ToDictionary(page => page.Name);
    var commands = cmdlets
        .Select(cmdlet => (read.Remove(cmdlet.Name, out var page) ? page : throw new FormatException($"{pages}: {cmdlet.Name} has no page."), cmdlet))
        .ToList();
    if (read.Count > 0) throw new FormatException($"{pages}: {string.Join(", ", read.Keys)}: there is no such command.");

    Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(output))!);
    using var writer = XmlWriter.Create(output, new XmlWriterSettings { Indent = true, NewLineChars = "\n" });
    MamlWriter.Write(commands).Save(writer);
    return 0;
}
catch (Exception failure) when (failure is FormatException or IOException or RuntimeException)
{
    await Console.Error.WriteLineAsync($"HelpCompiler : error HELP1 : {failure.Message}");
    return 1;
}
