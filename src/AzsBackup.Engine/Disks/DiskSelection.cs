using System.Globalization;
using AzsBackup.Model;

namespace AzsBackup.Engine.Disks;

/// <summary>Which of a VM's disks a run takes: all, only some, or all but some. A disk is named by <c>os</c>, its LUN or its name.</summary>
public sealed record DiskSelection
{
    /// <summary>Every disk.</summary>
    public static DiskSelection All { get; } = new();

    /// <summary>The disks to take; empty for all.</summary>
    public IReadOnlyList<string> Include { get; init; } = [];

    /// <summary>The disks to leave out.</summary>
    public IReadOnlyList<string> Exclude { get; init; } = [];

    /// <summary>Whether names that fit no disk are passed over: for a selection that is made for many VMs, not all of which have all of the disks.</summary>
    public bool PassOverUnknown { get; init; }

    /// <summary>The disks chosen, in their order.</summary>
    /// <exception cref="AzsException">A name fits no disk of the VM, or nothing is left.</exception>
    public IReadOnlyList<T> Choose<T>(string vmName, IReadOnlyList<T> disks, Func<T, (string Name, int? Lun)> describe)
    {
        foreach (var wanted in Include.Concat(Exclude))
        {
            if (PassOverUnknown || disks.Any(disk => Fits(wanted, describe(disk)))) continue;
            var names = string.Join(", ", disks.Select(describe).Select(disk => $"{disk.Name} ({Place(disk.Lun)})"));
            throw new AzsException(
                AzsErrorKind.InvalidInput,
                "DiskNotInVm",
                $"VM '{vmName}' has no disk '{wanted}'; it has {names}.",
                "Name a disk by 'os', by its LUN or by its name.",
                vmName);
        }

        var chosen = disks
            .Where(disk => Include.Count == 0 || Include.Any(wanted => Fits(wanted, describe(disk))))
            .Where(disk => !Exclude.Any(wanted => Fits(wanted, describe(disk))))
            .ToList();
        return chosen.Count > 0
            ? chosen
            : throw new AzsException(
                AzsErrorKind.InvalidInput,
                "NoDiskLeft",
                $"No disk of VM '{vmName}' is left by the disks included and excluded.",
                "Leave at least one of its disks in with -IncludeDisk and -ExcludeDisk.",
                vmName);
    }

    private static string Place(int? lun) => lun is { } number ? $"LUN {number}" : "os";

    private static bool Fits(string wanted, (string Name, int? Lun) disk) =>
        wanted.Equals(disk.Name, StringComparison.OrdinalIgnoreCase)
        || (disk.Lun is null && wanted.Equals("os", StringComparison.OrdinalIgnoreCase))
        || (disk.Lun is { } lun && wanted == lun.ToString(CultureInfo.InvariantCulture));
}
