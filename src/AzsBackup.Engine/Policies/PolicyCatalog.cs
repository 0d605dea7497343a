using AzsBackup.Model;
using AzsBackup.Vault;
using AzsBackup.Vault.Settings;

namespace AzsBackup.Engine.Policies;

/// <summary>
/// The policies of a vault. Each change is a new version; of two who change the same version at the same time the first one
/// wins, and the other one is told and has changed nothing. Safe for concurrent use.
/// </summary>
/// <param name="vault">The vault.</param>
public sealed class PolicyCatalog(BackupVault vault)
{
    private const string Kind = "policy";

    private readonly VaultSettings _settings = new(vault);

    /// <summary>Lists all policies.</summary>
    public async Task<PolicyListing> ListAsync(CancellationToken cancellationToken)
    {
        var policies = new List<StoredPolicy>();
        var damaged = new List<AzsException>();
        foreach (var setting in await _settings.ListAsync(Kind, cancellationToken).ConfigureAwait(false))
        {
            if (setting.Removed) continue;
            try
            {
                policies.Add(Read(setting));
            }
            catch (AzsException failure) when (failure.ErrorId is "PolicyDamaged" or "PolicyTooNew")
            {
                damaged.Add(failure);
            }
        }

        return new PolicyListing([.. policies.OrderBy(policy => policy.Policy.Key, StringComparer.Ordinal)], damaged);
    }

    /// <summary>Finds a policy.</summary>
    /// <exception cref="AzsException"><c>PolicyNotFound</c>, <c>PolicyDamaged</c>, <c>PolicyTooNew</c>, or a failure of the store.</exception>
    public async Task<StoredPolicy> FindAsync(string name, CancellationToken cancellationToken) =>
        await _settings.FindAsync(Kind, VmBackupPolicy.KeyOf(name), cancellationToken).ConfigureAwait(false) is { Removed: false } setting
            ? Read(setting)
            : throw PolicyErrors.NotFound(name);

    /// <summary>Makes a policy.</summary>
    /// <param name="policy">What it shall say.</param>
    /// <param name="replace">Whether one of this name is replaced, also one that can't be read.</param>
    /// <param name="cancellationToken">Stops it; then the policy is there or not.</param>
    /// <exception cref="AzsException"><c>PolicyInvalid</c>, <c>PolicyExists</c>, <c>PolicyChanged</c>, <c>TimeZoneUnknown</c>, or a failure of the store.</exception>
    public async Task<StoredPolicy> AddAsync(VmBackupPolicy policy, bool replace, CancellationToken cancellationToken)
    {
        policy.Validate();
        var there = await _settings.FindAsync(Kind, policy.Key, cancellationToken).ConfigureAwait(false);
        if (there is { Removed: false } && !replace) throw PolicyErrors.Exists(policy.Name);
        return await WriteAsync(policy, there?.Version ?? VaultSettings.NoVersion, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Changes a policy.</summary>
    /// <param name="before">The policy as it was read.</param>
    /// <param name="policy">What it shall say; its name stays.</param>
    /// <param name="cancellationToken">Stops it; then the change is there or not.</param>
    /// <exception cref="AzsException"><c>PolicyInvalid</c>, <c>PolicyChanged</c>, <c>TimeZoneUnknown</c>, or a failure of the store.</exception>
    public Task<StoredPolicy> ChangeAsync(StoredPolicy before, VmBackupPolicy policy, CancellationToken cancellationToken)
    {
        policy.Validate();
        return WriteAsync(policy with { Name = before.Policy.Name }, before.Version, cancellationToken);
    }

    /// <summary>Removes a policy. Its recovery points stay.</summary>
    /// <exception cref="AzsException"><c>PolicyChanged</c>, or a failure of the store.</exception>
    public async Task RemoveAsync(StoredPolicy policy, CancellationToken cancellationToken)
    {
        try
        {
            await _settings.WriteAsync(Kind, policy.Policy.Key, null, policy.Version, cancellationToken).ConfigureAwait(false);
        }
        catch (AzsException changed) when (changed.ErrorId == "VaultSettingChanged")
        {
            throw PolicyErrors.Changed(policy.Policy.Name, changed);
        }
    }

    private static StoredPolicy Read(VaultSetting setting) => setting.Damage is { } why
        ? throw PolicyErrors.Damaged(setting.Name.Length == 0 ? "?" : setting.Name, why)
        : new StoredPolicy(VmBackupPolicy.Read(setting.Content, setting.Name), setting.Version, setting.MadeAt);

    private async Task<StoredPolicy> WriteAsync(VmBackupPolicy policy, int after, CancellationToken cancellationToken)
    {
        try
        {
            var written = await _settings.WriteAsync(Kind, policy.Key, policy.Write(), after, cancellationToken).ConfigureAwait(false);
            return new StoredPolicy(policy, written.Version, written.MadeAt);
        }
        catch (AzsException changed) when (changed.ErrorId == "VaultSettingChanged")
        {
            throw PolicyErrors.Changed(policy.Name, changed);
        }
    }
}
