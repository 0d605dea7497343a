using AzsBackup.Emulator.Arm;

namespace AzsBackup.Emulator.KeyVault;

/// <summary>Key vaults, as far as ARM shows them.</summary>
internal sealed class KeyVaultRoom(StackState stack) : ResourceRoom(stack)
{
    public override int CreatedStatus => 200;

    public override void Write(ResourceWrite write)
    {
        if (write.Properties.Object("sku") is null)
            throw new ArmException(400, "BadRequest", "The parameter sku is not specified.");
        write.Properties.Default("tenantId", Stack.TenantId);
        write.Properties.EnsureArray("accessPolicies");
        write.Properties.Default("enabledForDeployment", false);
        write.Properties["vaultUri"] = $"https://{write.Resource.Id.Name}.vault.{Stack.Location}.{Stack.Options.Domain}/";
    }
}
