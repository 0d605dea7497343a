using AzsBackup.Vault.Stores;

namespace AzsBackup.Tests.Vault.Stores;

/// <summary>The tests' own store keeps the promises too; otherwise what is proven on it is worth nothing.</summary>
public sealed class MemoryStoreTests : ObjectStoreContract
{
    protected override IObjectStore Store { get; } = new MemoryStore();

    protected override IObjectStore OpenAnother() => Store;
}
