using AzsBackup.Emulator.Authorization;
using AzsBackup.Emulator.Compute;
using AzsBackup.Emulator.Insights;
using AzsBackup.Emulator.KeyVault;
using AzsBackup.Emulator.Network;
using AzsBackup.Emulator.Storage;

namespace AzsBackup.Emulator.Arm;

/// <summary>Which room a type lives in; types without one get the plain behaviour of <see cref="ResourceRoom"/>.</summary>
internal sealed class RoomRegistry
{
    private readonly Dictionary<string, ResourceRoom> _rooms;
    private readonly ResourceRoom _plain;

    public RoomRegistry(StackState stack)
    {
        _plain = new ResourceRoom(stack);
        ManagedDisks disks = Disks = new ManagedDisks(stack);
        _rooms = new Dictionary<string, ResourceRoom>(StringComparer.OrdinalIgnoreCase)
        {
            ["Microsoft.Compute/virtualMachines"] = new VirtualMachineRoom(stack, disks),
            ["Microsoft.Compute/virtualMachines/extensions"] = new VirtualMachineExtensionRoom(stack),
            ["Microsoft.Compute/availabilitySets"] = new AvailabilitySetRoom(stack),
            [ImageRoom.ImageType] = new ImageRoom(stack, disks),
            ["Microsoft.Compute/virtualMachineScaleSets"] = new ScaleSetRoom(stack),
            ["Microsoft.Compute/disks"] = new DiskRoom(stack, disks),
            ["Microsoft.Compute/snapshots"] = new SnapshotRoom(stack, disks),
            ["Microsoft.Network/virtualNetworks"] = new VirtualNetworkRoom(stack),
            ["Microsoft.Network/networkSecurityGroups"] = new NetworkSecurityGroupRoom(stack),
            ["Microsoft.Network/networkInterfaces"] = new NetworkInterfaceRoom(stack),
            ["Microsoft.Network/publicIPAddresses"] = new PublicIPAddressRoom(stack),
            ["Microsoft.Network/loadBalancers"] = new LoadBalancerRoom(stack),
            ["Microsoft.Network/routeTables"] = new RouteTableRoom(stack),
            ["Microsoft.Network/virtualNetworkGateways"] = new VirtualNetworkGatewayRoom(stack),
            ["Microsoft.Network/localNetworkGateways"] = new LocalNetworkGatewayRoom(stack),
            ["Microsoft.Network/connections"] = new ConnectionRoom(stack),
            [DnsZoneRoom.ZoneType] = new DnsZoneRoom(stack),
            ["Microsoft.Storage/storageAccounts"] = new StorageAccountRoom(stack),
            ["Microsoft.KeyVault/vaults"] = new KeyVaultRoom(stack),
            [DiagnosticSettingRoom.Type] = new DiagnosticSettingRoom(stack),
            ["Microsoft.Authorization/locks"] = new AuthorizationRoom(stack),
            ["Microsoft.Authorization/roleAssignments"] = new RoleAssignmentRoom(stack),
            [RoleDefinitionRoom.Type] = new RoleDefinitionRoom(stack),
            ["Microsoft.Authorization/permissions"] = new PermissionsRoom(stack),
            ["Microsoft.Authorization/policyAssignments"] = new AuthorizationRoom(stack),
            ["Microsoft.Authorization/policyDefinitions"] = new AuthorizationRoom(stack),
        };
        foreach (string record in DnsRecordSetRoom.Records.Keys)
            _rooms[$"{DnsZoneRoom.ZoneType}/{record}"] = new DnsRecordSetRoom(stack);
        Embedded = new EmbeddedChildren();
    }

    public ManagedDisks Disks { get; }

    /// <summary>Children that live inside their parent's body.</summary>
    public EmbeddedChildren Embedded { get; }

    public ResourceRoom For(string type) => _rooms.GetValueOrDefault(type, _plain);
}
