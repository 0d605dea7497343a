using AzsBackup.Emulator.Arm;

namespace AzsBackup.Emulator.KeyVault;

/// <summary>Key vaults, as ARM shows them; their secrets lie in <see cref="VaultContents"/>.</summary>
internal sealed class KeyVaultRoom(StackState stack) : ResourceRoom(stack)
{
    public override int CreatedStatus => 200;

    public override void Write(ResourceWrite write)
    {
        if (write.Properties.Object("sku") is null)
            throw new ArmException(400, "BadRequest", "The parameter sku is not specified.");
        string name = write.Resource.Id.Name;
        bool isTaken = write.IsNew && Stack.Resources.OfType("Microsoft.KeyVault/vaults").Any(vault => ArmPath.Equal(vault.Id.Name, name));
        if (isTaken)
            throw new ArmException(409, "VaultAlreadyExists", $"The name '{name}' is already in use.");
        write.Properties.Default("tenantId", Stack.TenantId);
        write.Properties.EnsureArray("accessPolicies");
        write.Properties.Default("enabledForDeployment", false);
        write.Properties["vaultUri"] = $"https://{name}.vault.{Stack.Domain}/";
    }
}
