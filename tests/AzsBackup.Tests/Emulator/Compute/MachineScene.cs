using AzsBackup.Tests.Emulator.Hosting;

namespace AzsBackup.Tests.Emulator.Compute;

/// <summary>A group with a network, and what it takes to make VMs in it.</summary>
internal sealed class MachineScene(StackHost host)
{
    public const string Group = "rg";
    private const string Ubuntu = """ "imageReference":{"publisher":"Canonical","offer":"UbuntuServer","sku":"18.04-LTS","version":"latest"},"osDisk":{"createOption":"FromImage"}""";
    private const string Guest = """ "osProfile":{"computerName":"vm","adminUsername":"ops","adminPassword":"hush"},""";
    private int _interfaces;

    public static async Task<MachineScene> CreateAsync(StackHost host)
    {
        await host.MakeGroupAsync(Group);
        await host.DoAsync(HttpMethod.Put, host.Id(Group, "Microsoft.Network/virtualNetworks", "vnet"), StackHost.Network,
            """{"location":"local","properties":{"addressSpace":{"addressPrefixes":["10.0.0.0/16"]},"subnets":[{"name":"a","properties":{"addressPrefix":"10.0.0.0/24"}}]}}""");
        return new MachineScene(host);
    }

    public string MachineId(string name) => host.Id(Group, "Microsoft.Compute/virtualMachines", name);

    public async Task<string> MakeInterfaceAsync()
    {
        string subnet = host.Id(Group, "Microsoft.Network/virtualNetworks", "vnet") + "/subnets/a";
        string nic = host.Id(Group, "Microsoft.Network/networkInterfaces", $"nic{++_interfaces}");
        await host.DoAsync(HttpMethod.Put, nic, StackHost.Network, $$$$$"""{"location":"local","properties":{"ipConfigurations":[{"name":"ip","properties":{"subnet":{"id":"{{{{{subnet}}}}}"}}}]}}""");
        return nic;
    }

    /// <summary>The body of a VM of a marketplace image.</summary>
    public static string Body(string nic, string storage = Ubuntu, string size = "Standard_DS1_v2", string guest = Guest, string more = "") => $$$$$"""
        {"location":"local","properties":{"hardwareProfile":{"vmSize":"{{{{{size}}}}}"},{{{{{more}}}}}{{{{{guest}}}}}
         "storageProfile":{ {{{{{storage}}}}} },"networkProfile":{"networkInterfaces":[{"id":"{{{{{nic}}}}}"}]}}}
        """;

    /// <summary>The body of a VM by attach of a disk.</summary>
    public static string AttachBody(string nic, string disk, string dataDisks = "") =>
        Body(nic, $$$$$""" "osDisk":{"createOption":"Attach","osType":"Linux","managedDisk":{"id":"{{{{{disk}}}}}"}},"dataDisks":[{{{{{dataDisks}}}}}]""", guest: "");

    /// <summary>A VM of a marketplace image, by default.</summary>
    public async Task<string> MakeMachineAsync(string name, string? body = null)
    {
        string id = MachineId(name);
        await host.DoAsync(HttpMethod.Put, id, StackHost.Compute, body ?? Body(await MakeInterfaceAsync()));
        return id;
    }

    public async Task<string> PowerAsync(string machine) =>
        (await host.GetAsync(machine + "/instanceView", StackHost.Compute))["statuses"]!.AsArray().Select(status => status!["code"]!.GetValue<string>()).Single(code => code.StartsWith("PowerState/", StringComparison.Ordinal))["PowerState/".Length..];
}
