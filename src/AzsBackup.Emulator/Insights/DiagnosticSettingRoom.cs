using AzsBackup.Emulator.Arm;

namespace AzsBackup.Emulator.Insights;

/// <summary>
/// Diagnostic settings, which hang on resources that have logs or metrics to send and are listed there alone
/// (azure-rest-api-specs, Microsoft.Insights 2017-05-01-preview, diagnosticsSettings_API.json).
/// </summary>
internal sealed class DiagnosticSettingRoom(StackState stack) : ResourceRoom(stack)
{
    public const string Type = "Microsoft.Insights/diagnosticSettings";

    private static readonly HashSet<string> Supported = new(StringComparer.OrdinalIgnoreCase)
    {
        "Microsoft.EventHub/namespaces", "Microsoft.KeyVault/vaults", "Microsoft.Network/loadBalancers", "Microsoft.Network/networkSecurityGroups",
        "Microsoft.Network/publicIPAddresses", "Microsoft.Network/virtualNetworkGateways", "Microsoft.Web/sites",
    };

    private static readonly string[] Sinks = ["storageAccountId", "serviceBusRuleId", "eventHubAuthorizationRuleId", "workspaceId"];

    public override bool NeedsLocation => false;

    public override bool HasProvisioningState => false;

    public override int CreatedStatus => 200;

    /// <summary>Refuses a scope whose type has no diagnostic settings.</summary>
    public static void RequireSupported(string scope)
    {
        if (ArmId.TryParse(scope, out ArmId? owner) && !Supported.Contains(owner.Type))
            throw new ArmException(400, "ResourceTypeNotSupported", $"The resource type '{owner.Type}' does not support diagnostic settings.");
    }

    public override void Write(ResourceWrite write)
    {
        RequireSupported(write.Resource.Id.Scope);
        if (Sinks.All(sink => write.Properties[sink] is null))
            throw new ArmException(400, "BadRequest", "A diagnostic setting must name at least one of a storage account, an event hub, a service bus rule and a workspace.");
        write.Body.Remove("location");
    }
}
