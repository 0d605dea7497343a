using Azure.Core;
using Azure.Core.Pipeline;

namespace AzsBackup.Azure.Blobs;

/// <summary>
/// Sends the very version asked for: the SDK knows none before 2019-02-02, but exports are signed with 2018-03-28 (recorded).
/// Runs before the account key signs, so the signature covers it.
/// </summary>
internal sealed class ServiceVersionPolicy(string version) : HttpPipelineSynchronousPolicy
{
    /// <inheritdoc/>
    public override void OnSendingRequest(HttpMessage message) => message.Request.Headers.SetValue("x-ms-version", version);
}
