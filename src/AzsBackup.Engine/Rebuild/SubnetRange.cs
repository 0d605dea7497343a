using System.Net;

namespace AzsBackup.Engine.Rebuild;

/// <summary>Which addresses a subnet can give out.</summary>
public static class SubnetRange
{
    // The first four addresses of a subnet and its last one are the platform's.
    private const int ReservedAtStart = 4;

    /// <summary>Whether an address lies in a subnet's prefix and may be given to an interface.</summary>
    public static bool Fits(string? prefix, string address)
    {
        if (!IPNetwork.TryParse(prefix ?? "", out var network) || !IPAddress.TryParse(address, out var parsed) || !network.Contains(parsed)) return false;
        var (first, asked) = (Number(network.BaseAddress), Number(parsed));
        var size = 1UL << (32 - network.PrefixLength);
        return asked - first >= ReservedAtStart && asked - first < size - 1;
    }

    private static ulong Number(IPAddress address)
    {
        ulong number = 0;
        foreach (var part in address.GetAddressBytes()) number = number << 8 | part;
        return number;
    }
}
