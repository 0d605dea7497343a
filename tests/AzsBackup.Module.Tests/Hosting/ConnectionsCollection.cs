namespace AzsBackup.Module.Tests.Hosting;

/// <summary>Tests that share the process's list of connections run one after another.</summary>
[CollectionDefinition("Connections")]
public sealed class ConnectionsCollection : ICollectionFixture<ConnectedStack>;
