namespace AzsBackup.Tests.Vault.Maintenance;

/// <summary>A published point lost something it needs.</summary>
internal sealed class ModelBrokenException(string message) : Exception(message);
