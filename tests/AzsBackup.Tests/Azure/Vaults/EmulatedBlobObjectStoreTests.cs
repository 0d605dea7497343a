using Xunit;

namespace AzsBackup.Tests.Azure.Vaults;

public sealed class EmulatedBlobObjectStoreTests(EmulatedBlobServer server) : BlobObjectStoreTests(server), IClassFixture<EmulatedBlobServer>;
