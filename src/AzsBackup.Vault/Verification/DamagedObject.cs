using AzsBackup.Vault.Stores;

namespace AzsBackup.Vault.Verification;

/// <summary>An object that an audit found damaged.</summary>
/// <param name="Name">The object.</param>
/// <param name="Finding">What is wrong.</param>
/// <param name="Hurts">Whether its point can't be restored completely without it.</param>
/// <param name="IsRight">Whether these bytes would be right; may change them. <see langword="null"/> if it can't be brought back.</param>
internal sealed record DamagedObject(string Name, Finding Finding, bool Hurts, Func<PooledBuffer, bool>? IsRight);
