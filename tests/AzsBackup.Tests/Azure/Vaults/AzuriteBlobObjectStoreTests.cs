using Xunit;

namespace AzsBackup.Tests.Azure.Vaults;

public sealed class AzuriteBlobObjectStoreTests(AzuriteServer server) : BlobObjectStoreTests(server), IClassFixture<AzuriteServer>;
