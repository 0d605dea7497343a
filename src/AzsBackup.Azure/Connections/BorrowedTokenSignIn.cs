namespace AzsBackup.Azure.Connections;

/// <summary>Uses the sign-in of another module in the session (<c>Get-AzAccessToken</c>), which renews it.</summary>
/// <param name="Borrow">Gives a token for a resource, the audience of the stack's Resource Manager. Never called twice at a time.</param>
public sealed record BorrowedTokenSignIn(Func<string, CancellationToken, Task<BorrowedToken>> Borrow) : StackCredential;
