using System.Diagnostics;
using System.Reflection;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using AzsBackup.Tests.Emulator.Blobs;
using Xunit;

namespace AzsBackup.Tests.Azure.Vaults;

/// <summary>Microsoft's own emulator of its blob service, as a process of its own on this machine; its data in memory.</summary>
public sealed partial class AzuriteServer : IBlobServer
{
    private const string Missing = "Azurite is not installed: npm install --prefix tests/tools --no-package-lock";

    private static readonly TimeSpan StartingTime = TimeSpan.FromMinutes(1);

    private Process? _process;
    private Uri? _account;

    public Uri Account
    {
        get
        {
            Assert.SkipUnless(_account is not null, Missing);
            return _account!;
        }
    }

    public byte[] Key { get; } = RandomNumberGenerator.GetBytes(64);

    public DateTimeOffset Now => DateTimeOffset.UtcNow;

    public async ValueTask InitializeAsync()
    {
        if (FindProgram() is not { } program) return;
        var start = new ProcessStartInfo(program) { RedirectStandardOutput = true, UseShellExecute = false };
        foreach (string argument in new[] { "--blobHost", "127.0.0.1", "--blobPort", "0", "--inMemoryPersistence", "--disableTelemetry", "--silent" })
            start.ArgumentList.Add(argument);
        start.Environment["AZURITE_ACCOUNTS"] = $"{BlobServiceHost.Account}:{Convert.ToBase64String(Key)}";
        _process = Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start.");
        using var limit = new CancellationTokenSource(StartingTime);
        while (await _process.StandardOutput.ReadLineAsync(limit.Token) is { } line)
        {
            if (Listening().Match(line) is not { Success: true } match) continue;
            _account = new Uri($"{match.Value}/{BlobServiceHost.Account}/");

            // It goes on writing; a full pipe would stop it.
            _ = _process.StandardOutput.BaseStream.CopyToAsync(Stream.Null, CancellationToken.None);
            return;
        }

        throw new InvalidOperationException("Azurite ended before it listened.");
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is null) return;
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private static string? FindProgram()
    {
        string root = typeof(AzuriteServer).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(data => data.Key == "RepositoryRoot").Value!;
        string name = OperatingSystem.IsWindows() ? "azurite-blob.cmd" : "azurite-blob";
        string[] folders = [Path.Combine(root, "tests", "tools", "node_modules", ".bin"), .. (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)];
        return folders.Where(folder => folder.Length > 0).Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);
    }

    [GeneratedRegex(@"http://127\.0\.0\.1:[1-9]\d*")]
    private static partial Regex Listening();
}
