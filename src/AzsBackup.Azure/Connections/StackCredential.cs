namespace AzsBackup.Azure.Connections;

/// <summary>A way to sign in to a stack: one of the records derived from this.</summary>
public abstract record StackCredential
{
    private protected StackCredential()
    {
    }
}
