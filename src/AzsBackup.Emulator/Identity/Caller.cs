namespace AzsBackup.Emulator.Identity;

/// <summary>Who a request comes from, as its token says.</summary>
/// <param name="ObjectId">The principal's object id.</param>
/// <param name="Name">A user's principal name, or an application's id: what ARM's refusals call the client.</param>
/// <param name="ClientId">The application through which the principal signed in.</param>
internal sealed record Caller(string ObjectId, string Name, string ClientId);
