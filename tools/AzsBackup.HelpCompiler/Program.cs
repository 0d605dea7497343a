using AzsBackup.HelpCompiler;

if (args is not [var manifest, var source, var destination])
{
    Console.Error.WriteLine("Usage: AzsBackup.HelpCompiler <manifest> <folder with a folder of pages per culture> <folder for a folder per culture>");
    return 2;
}

Environment.SetEnvironmentVariable("POWERSHELL_TELEMETRY_OPTOUT", "1");
try
{
    var commands = ModuleCommands.Read(manifest);
    foreach (var culture in Directory.EnumerateDirectories(source).Order(StringComparer.Ordinal))
    {
        var pages = commands.ToDictionary(command => command.Name, command => HelpPage.Read(Path.Combine(culture, command.Name + ".md")));
        var target = Directory.CreateDirectory(Path.Combine(destination, Path.GetFileName(culture))).FullName;
        MamlDocument.Create(commands, pages).Save(Path.Combine(target, "AzsBackup.dll-Help.xml"));
        if (Directory.EnumerateFiles(culture, "*.md").Select(Path.GetFileNameWithoutExtension).FirstOrDefault(name => !pages.ContainsKey(name!)) is { } stray)
            throw new HelpException(Path.Combine(culture, stray + ".md"), "describes a command the module does not export");
    }

    return 0;
}
catch (HelpException exception)
{
    // In the form MSBuild shows as an error of that file.
    Console.Error.WriteLine($"{exception.File} : error HELP001: this page {exception.Message}.");
    return 1;
}
