namespace AzsBackup.Engine.Stacks;

/// <summary>The resource types this engine reads and writes by name.</summary>
internal static class ResourceTypes
{
    public const string VirtualMachine = "Microsoft.Compute/virtualMachines";
    public const string Disk = "Microsoft.Compute/disks";
    public const string AvailabilitySet = "Microsoft.Compute/availabilitySets";
    public const string NetworkInterface = "Microsoft.Network/networkInterfaces";
    public const string SecurityGroup = "Microsoft.Network/networkSecurityGroups";
    public const string PublicAddress = "Microsoft.Network/publicIPAddresses";
    public const string VirtualNetwork = "Microsoft.Network/virtualNetworks";
    public const string LoadBalancer = "Microsoft.Network/loadBalancers";
    public const string StorageAccount = "Microsoft.Storage/storageAccounts";
    public const string Lock = "Microsoft.Authorization/locks";
    public const string Permission = "Microsoft.Authorization/permissions";
    public const string VmSize = "Microsoft.Compute/locations/vmSizes";
    public const string ComputeUsage = "Microsoft.Compute/locations/usages";
    public const string Publisher = "Microsoft.Compute/locations/publishers";
}
