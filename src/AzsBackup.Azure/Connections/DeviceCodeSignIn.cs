namespace AzsBackup.Azure.Connections;

/// <summary>Signs in as a person, who types a code into a browser on any machine.</summary>
/// <param name="Prompt">Shows the sentence that says where to go and what to type.</param>
public sealed record DeviceCodeSignIn(Func<string, CancellationToken, Task> Prompt) : StackCredential;
