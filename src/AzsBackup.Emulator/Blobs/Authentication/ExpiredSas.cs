using System.Collections.Concurrent;

namespace AzsBackup.Emulator.Blobs.Authentication;

/// <summary>SAS that have expired before their time, because a fault or an operator said so; known by their signatures.</summary>
internal sealed class ExpiredSas
{
    private readonly ConcurrentDictionary<string, bool> _signatures = new(StringComparer.Ordinal);

    public void Add(string signature) => _signatures[signature] = true;

    public bool Contains(string signature) => !_signatures.IsEmpty && _signatures.ContainsKey(signature);
}
