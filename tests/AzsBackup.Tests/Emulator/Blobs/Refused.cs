using Azure;
using Xunit;

namespace AzsBackup.Tests.Emulator.Blobs;

/// <summary>Asserts that the service refuses, with status and code.</summary>
internal static class Refused
{
    public static async Task<RequestFailedException> AsAsync(int status, string code, Func<Task> act)
    {
        var refusal = await Assert.ThrowsAsync<RequestFailedException>(act);
        Assert.Equal((status, code), (refusal.Status, refusal.ErrorCode));
        return refusal;
    }
}
