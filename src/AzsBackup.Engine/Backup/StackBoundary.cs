using AzsBackup.Model;

namespace AzsBackup.Engine.Backup;

/// <summary>Whether storage lies on the very stack that is backed up: such a backup dies with the stack (DESIGN §4).</summary>
public static class StackBoundary
{
    /// <summary>
    /// Whether a storage address belongs to a stack. A stamp's services are <c>&lt;service&gt;.&lt;region&gt;.&lt;domain&gt;</c> and
    /// its storage <c>&lt;account&gt;.blob.&lt;region&gt;.&lt;domain&gt;</c>, so the endpoint's first label tells the rest.
    /// </summary>
    /// <param name="armEndpoint">The stack's Resource Manager endpoint.</param>
    /// <param name="storage">An absolute address of storage.</param>
    public static bool Holds(Uri armEndpoint, Uri storage)
    {
        if (storage.IsFile) return false;

        // On this machine, other ports are other servers.
        if (storage.IdnHost.Equals(armEndpoint.IdnHost, StringComparison.OrdinalIgnoreCase))
            return !storage.IsLoopback || storage.Port == armEndpoint.Port;
        if (armEndpoint.HostNameType != UriHostNameType.Dns) return false;
        int dot = armEndpoint.IdnHost.IndexOf('.', StringComparison.Ordinal);
        return dot > 0 && storage.IdnHost.EndsWith(armEndpoint.IdnHost[dot..], StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>Refuses a vault that lies on the stack.</summary>
    /// <param name="stack">The stack that is backed up.</param>
    /// <param name="vaultPath">Where the vault lies: a full path, or a container's URI.</param>
    /// <exception cref="AzsException"><c>VaultOnSameStack</c>.</exception>
    public static void ThrowIfHolds(AzsStackConnection stack, string vaultPath)
    {
        if (!Uri.TryCreate(vaultPath, UriKind.Absolute, out var storage) || !Holds(stack.ArmEndpoint, storage)) return;
        throw new AzsException(
            AzsErrorKind.InvalidInput,
            "VaultOnSameStack",
            $"The vault '{vaultPath}' lies on the stack '{stack.Name}' that is to be backed up: it would be lost with it.",
            "Choose a vault outside that stack, or say -AllowSameStack if this is only one of several copies.",
            vaultPath);
    }
}
