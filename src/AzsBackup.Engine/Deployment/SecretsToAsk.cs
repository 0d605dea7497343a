using System.Text.Json.Nodes;
using AzsBackup.Engine.Capture;

namespace AzsBackup.Engine.Deployment;

/// <summary>
/// Marks what a service needs and never shows, so that it is asked for. Passwords are asked for where a machine has no other way
/// in; the shared key of a connection always; the protected settings of an extension always, for nobody can see whether there
/// are any.
/// </summary>
internal static class SecretsToAsk
{
    public static void Mark(CapturedBody resource)
    {
        if (resource.Properties is not { } properties) return;
        if (resource.IsOfType("Microsoft.Compute/virtualMachines")) MarkPassword(properties["osProfile"] as JsonObject);
        else if (resource.IsOfType("Microsoft.Compute/virtualMachineScaleSets")) MarkScaleSet(properties["virtualMachineProfile"] as JsonObject);
        else if (resource.IsOfType("Microsoft.Compute/virtualMachines/extensions")) properties["protectedSettings"] = SecretRedaction.Mark;
        else if (resource.IsOfType("Microsoft.Network/connections") && CapturedBody.TextAt(properties, "connectionType") is "IPsec" or "Vnet2Vnet") properties["sharedKey"] = SecretRedaction.Mark;
    }

    private static void MarkScaleSet(JsonObject? profile)
    {
        MarkPassword(profile?["osProfile"] as JsonObject);
        foreach (var extension in (profile?["extensionProfile"]?["extensions"] as JsonArray ?? []).OfType<JsonObject>())
        {
            if (extension["properties"] is JsonObject properties) properties["protectedSettings"] = SecretRedaction.Mark;
        }
    }

    private static void MarkPassword(JsonObject? profile)
    {
        if (profile is null) return;
        var isKeyOnly = profile["linuxConfiguration"]?["disablePasswordAuthentication"] is JsonValue value && value.TryGetValue<bool>(out var isOff) && isOff;
        if (isKeyOnly) profile.Remove("adminPassword");
        else profile["adminPassword"] = SecretRedaction.Mark;
    }
}
