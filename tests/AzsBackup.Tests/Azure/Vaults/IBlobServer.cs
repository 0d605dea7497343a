using Xunit;

namespace AzsBackup.Tests.Azure.Vaults;

/// <summary>A blob service that is not ours to trust: path-style addresses, one account, its key known.</summary>
public interface IBlobServer : IAsyncLifetime
{
    /// <summary>The account's endpoint, ending in '/'.</summary>
    Uri Account { get; }

    /// <summary>The account's key.</summary>
    byte[] Key { get; }

    /// <summary>The service's time.</summary>
    DateTimeOffset Now { get; }
}
