using System.Management.Automation;
using AzsBackup.Playground.DiskImages;
using AzsBackup.Playground.Stacks;

namespace AzsBackup.Playground.Tours;

/// <summary>The main job end to end: connect, export, back up, back up again, restore to files and to another stack, replicate; all of it compared.</summary>
internal sealed class MainTour(TwoStacks stacks, SampleImages images, string folder)
{
    /// <summary>Connects the session to both stacks; the last one connected is the default.</summary>
    public static IReadOnlyList<string> ConnectCommands { get; } = [Connect("south"), Connect("north")];

    private const string VirtualMachines = "$vms = $capture | Where-Object Type -EQ Microsoft.Compute/virtualMachines";

    /// <summary>The steps.</summary>
    public IReadOnlyList<TourStep> Steps =>
    [
        new(
            "Connect",
            "$north and $south hold what an operator tells a tenant: an endpoint, the CA that signed its certificate, a tenant and an application. North asks Entra ID for tokens, south AD FS.",
            [.. ConnectCommands.Append("Get-AzsStack").Select(command => new CommandAction(command))]),
        new(
            "Write down the configuration of everything",
            "One JSON file per resource, for the record and for later comparison. A resource that could not be read says so.",
            new CommandAction("Export-AzsResourceConfig -Path ./capture -OutVariable capture")),
        new(
            "Make a vault",
            "A folder outside the stamp: a disk, a NAS, an SMB share. $password holds the passphrase; without it, nobody reads the vault.",
            new CommandAction("$vault = New-AzsBackupVault -Path ./vault -Password $password"),
            new CommandAction("$vault")),
        new(
            "Back up the VMs",
            "The capture knows them. Disks are read from snapshots, so the VMs keep running. app-web-1 and app-web-2 were made from one image: what they share is stored once, whichever of them comes first.",
            new CommandAction(VirtualMachines),
            new CommandAction("$vms | Start-AzsVmBackup -Vault $vault -OutVariable monday")),
        new(
            "Back up again",
            "A recovery point is complete on its own, but what the vault holds already is not stored again.",
            new GuestWritesAction(stacks.NorthControl, SampleEstate.First, images.NextGeneration),
            new CommandAction("$vms | Start-AzsVmBackup -Vault $vault -OutVariable tuesday"),
            new CommandAction("Get-AzsVmBackup -Vault $vault")),
        new(
            "Restore, and compare with the stack's disks",
            "Fixed VHD files, as every hypervisor and Azure reads them. Tuesday's points must hold what is on the stack's disks now, Monday's what was there before.",
            new CommandAction("$tuesday | Restore-AzsVmBackup -Path ./restored/tuesday"),
            new ComparisonAction("restored files against the disks on north", _ => [.. SampleEstate.All.Select(RestoredAgainstStack)]),
            new CommandAction($"$monday | Where-Object VmName -EQ {SampleEstate.First.VmName} | Restore-AzsVmBackup -Path ./restored/monday -IncludeDisk os"),
            new ComparisonAction("Monday's restored file against the image the disk was first made of", _ => [RestoredAgainstImage(SampleEstate.First)])),
        new(
            "Start a VM anew on the second stack",
            "Out of the vault alone, as if north were gone: disks, network interface, public address and extensions, in the network that south has. What can't be as it was is said.",
            new CommandAction($"$restored = $tuesday | Where-Object VmName -EQ {SampleEstate.First.VmName} | Restore-AzsVmBackup -Stack south -ResourceGroupName contoso-app"),
            new CommandAction("$restored"),
            new ComparisonAction("managed disks on south against the disks on north", RestoredToStack)),
        new(
            "Keep copies on the second stack",
            "Page blobs on south, ready for the day north is gone. South needs nothing of north to list them.",
            new CommandAction("$vms | Copy-AzsStackReplica -Source north -Destination south"),
            new CommandAction("Get-AzsStackReplica -Stack south -OutVariable replicas"),
            new ComparisonAction("page blobs on south against the disks on north", ReplicasAgainstStack)),
    ];

    private static string Connect(string name) => $"""
        Connect-AzsStack ${name}.ArmEndpoint -TenantId ${name}.TenantId -Credential ${name}.Credential `
            -CaCertificatePath ${name}.CaCertificatePath -Name {name}
        """;

    private DiskPair RestoredAgainstStack(SampleDisk disk) => new(
        disk.FileName,
        cancellationToken => stacks.NorthControl.HashAsync(disk.Id, cancellationToken),
        HashOf(Path.Combine(folder, "restored", "tuesday", disk.FileName)));

    private DiskPair RestoredAgainstImage(SampleDisk disk) => new(
        disk.FileName,
        HashOf(images.Content[disk.Id]),
        HashOf(Path.Combine(folder, "restored", "monday", disk.FileName)));

    private List<DiskPair> RestoredToStack(TourStage stage)
    {
        var found = stage.Session.Evaluate("$restored.Disks");
        return [.. SampleEstate.All.Where(disk => disk.VmName == SampleEstate.First.VmName).Select(disk => new DiskPair(
            disk.FileName,
            cancellationToken => stacks.NorthControl.HashAsync(disk.Id, cancellationToken),
            cancellationToken => stacks.SouthControl.HashAsync(ValueOf(found, disk, "DiskId"), cancellationToken)))];
    }

    private List<DiskPair> ReplicasAgainstStack(TourStage stage)
    {
        var found = stage.Session.Evaluate(
            "$replicas | ForEach-Object { $vm = $_.VmName; $_.Disks | ForEach-Object { [pscustomobject]@{ Vm = $vm; Lun = $_.Lun; Blob = $_.BlobUri } } }");
        return [.. SampleEstate.All.Select(disk => new DiskPair(
            disk.FileName,
            cancellationToken => stacks.NorthControl.HashAsync(disk.Id, cancellationToken),
            cancellationToken => stacks.SouthControl.HashAsync(
                ValueOf([.. found.Where(row => Equals(row.Properties["Vm"].Value, disk.VmName))], disk, "Blob"), cancellationToken)))];
    }

    private static string ValueOf(IReadOnlyList<PSObject> found, SampleDisk disk, string property) =>
        found.Where(row => Equals(row.Properties["Lun"].Value, disk.Lun))
            .Select(row => row.Properties[property].Value?.ToString())
            .FirstOrDefault() ?? throw new PlaygroundException($"{disk.FileName} is not on the second stack.");

    private static Func<CancellationToken, Task<string>> HashOf(string path) =>
        cancellationToken => DiskFile.Open(path).HashAsync(cancellationToken);
}
