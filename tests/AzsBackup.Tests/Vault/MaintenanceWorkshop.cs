using AzsBackup.Tests.Vault.Maintenance;
using AzsBackup.Tests.Vault.Stores;
using AzsBackup.Vault;
using AzsBackup.Vault.Maintenance;
using AzsBackup.Vault.Stores;
using AzsBackup.Vault.Verification;
using static AzsBackup.Tests.Vault.VaultWorkshop;

namespace AzsBackup.Tests.Vault;

/// <summary>A vault in memory whose store and machine each have a clock that moves when told to.</summary>
internal sealed class MaintenanceWorkshop : IDisposable
{
    public static readonly OptimizeOptions Impatient = new() { GracePeriod = TimeSpan.Zero };

    private readonly List<BackupVault> _opened = [];

    public MaintenanceWorkshop() => Store = new MemoryStore(StoreTime);

    public MovableTime StoreTime { get; } = new();

    public MovableTime OwnTime { get; } = new();

    public MemoryStore Store { get; }

    public DateTime Now => StoreTime.GetUtcNow().UtcDateTime;

    /// <summary>Makes an unencrypted vault, or an encrypted one.</summary>
    public async Task<BackupVault> CreateAsync(bool encrypted = false)
    {
        using var secret = encrypted ? Passphrase() : null;
        return Keep(await BackupVault.CreateAsync(Store, new VaultOptions { ChunkSize = ChunkSize }, secret, Runtime, Cancel));
    }

    /// <summary>Opens the vault through another store, as another process would.</summary>
    public async Task<BackupVault> OpenAsync(IObjectStore store, bool encrypted = false)
    {
        using var secret = encrypted ? Passphrase() : null;
        return Keep(await BackupVault.OpenAsync(store, secret, Runtime, Cancel));
    }

    public void Pass(TimeSpan time)
    {
        StoreTime.Pass(time);
        OwnTime.Pass(time);
    }

    /// <summary>Lets days pass, with a run of the optimizer each day.</summary>
    public async Task LiveAsync(BackupVault vault, int days)
    {
        for (int day = 0; day < days; day++)
        {
            Pass(TimeSpan.FromDays(1));
            await OptimizeAsync(vault);
        }
    }

    public static Task<OptimizeResult> OptimizeAsync(BackupVault vault, bool trustClock = false) =>
        new VaultOptimizer(vault, Impatient with { TrustClock = trustClock }).RunAsync(Cancel);

    public static async Task<(VerifyResult Result, List<VaultDamage> Damages)> VerifyAsync(BackupVault vault, VerifyOptions? options = null)
    {
        var damages = new List<VaultDamage>();
        var result = await new VaultVerifier(vault, options ?? new VerifyOptions()).RunAsync(
            (damage, _) =>
            {
                damages.Add(damage);
                return Task.CompletedTask;
            },
            Cancel);
        return (result, damages);
    }

    public void Dispose() => _opened.ForEach(vault => vault.Dispose());

    private VaultRuntime Runtime => new() { PassphraseIterations = 1, Time = OwnTime };

    private BackupVault Keep(BackupVault vault)
    {
        _opened.Add(vault);
        return vault;
    }
}
