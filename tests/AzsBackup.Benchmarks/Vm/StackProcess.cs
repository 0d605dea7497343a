using System.Diagnostics;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using AzsBackup.Emulator.Hosting;

namespace AzsBackup.Benchmarks.Vm;

/// <summary>An emulated stack in a process of its own, blobs over plain HTTP, with one VM of one disk.</summary>
internal sealed class StackProcess : IAsyncDisposable
{
    public const string Group = "benchmark";
    public const string Vm = "bench-1";

    private readonly Process _process;
    private readonly HttpClient _client = new() { Timeout = TimeSpan.FromMinutes(10) };

    private StackProcess(Process process, string line)
    {
        _process = process;
        Line = line;
        Endpoints = JsonNode.Parse(line)!;
    }

    /// <summary>What the stack printed when it was ready: its endpoints and the service principal.</summary>
    public string Line { get; }

    public JsonNode Endpoints { get; }

    public static async Task<StackProcess> StartAsync(string folder, int diskGiB, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(folder);
        string estate = Path.Combine(folder, "estate.json");
        await File.WriteAllBytesAsync(estate, JsonSerializer.SerializeToUtf8Bytes(Estate(diskGiB)), cancellationToken);
        string[] arguments = [typeof(EmulatedStack).Assembly.Location, "--plain-blob", "--estate", estate, "--state", Path.Combine(folder, "state")];
        var start = new ProcessStartInfo("dotnet", arguments) { RedirectStandardOutput = true, RedirectStandardInput = true };
        var process = Process.Start(start)!;
        string? line = await process.StandardOutput.ReadLineAsync(cancellationToken);
        return line is null ? throw new FormatException("The emulated stack did not start.") : new StackProcess(process, line);
    }

    /// <summary>Has the guest write what an image holds.</summary>
    public async Task FillAsync(string image, CancellationToken cancellationToken)
    {
        string disk = $"/subscriptions/{Endpoints["subscriptionId"]}/resourceGroups/{Group}/providers/Microsoft.Compute/disks/{Vm}-os";
        var request = new JsonObject { ["disk"] = disk, ["path"] = image };
        using var content = new StringContent(request.ToJsonString(), Encoding.UTF8, "application/json");
        using var response = await _client.PostAsync(new Uri(new Uri(Endpoints["controlEndpoint"]!.ToString()), "/disks/replace"), content, cancellationToken);
        response.EnsureSuccessStatusCode();
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private static object Estate(int diskGiB)
    {
        const string Root = $"/subscriptions/{{subscriptionId}}/resourceGroups/{Group}";
        const string Network = $"{Root}/providers/Microsoft.Network/virtualNetworks/bench-vnet";
        const string Card = $"{Root}/providers/Microsoft.Network/networkInterfaces/{Vm}-nic";
        const string Disk = $"{Root}/providers/Microsoft.Compute/disks/{Vm}-os";
        var subnets = new[] { new { name = "default", properties = new { addressPrefix = "10.0.0.0/24" } } };
        return new
        {
            resources = new object[]
            {
                new { id = Root },
                new { id = Network, location = "{location}", properties = new { addressSpace = new { addressPrefixes = new[] { "10.0.0.0/16" } }, subnets } },
                new
                {
                    id = Card,
                    location = "{location}",
                    properties = new { ipConfigurations = new[] { new { name = "main", properties = new { subnet = new { id = $"{Network}/subnets/default" } } } } },
                },
                new { id = Disk, location = "{location}", properties = new { creationData = new { createOption = "Empty" }, diskSizeGB = diskGiB, osType = "Linux" } },
                new
                {
                    id = $"{Root}/providers/Microsoft.Compute/virtualMachines/{Vm}",
                    location = "{location}",
                    properties = new
                    {
                        hardwareProfile = new { vmSize = "Standard_DS1_v2" },
                        storageProfile = new { osDisk = new { osType = "Linux", createOption = "Attach", managedDisk = new { id = Disk } } },
                        networkProfile = new { networkInterfaces = new[] { new { id = Card } } },
                    },
                },
            },
        };
    }
}
