using System.Text.Json;
using AzsBackup.Model;

namespace AzsBackup.Azure.Arm;

/// <summary>One page of a collection: <c>{"value":[…],"nextLink":"…"}</c>; compute's lists of images are bare arrays.</summary>
internal static class ArmPage
{
    /// <summary>The items of a page.</summary>
    public static IEnumerable<JsonElement> ItemsOf(ArmReply reply, string path)
    {
        if (reply.Json is { ValueKind: JsonValueKind.Array } items) return items.EnumerateArray();
        return reply.Json is { ValueKind: JsonValueKind.Object } body
            && body.TryGetProperty("value", out var value) && value.ValueKind == JsonValueKind.Array
            ? value.EnumerateArray()
            : throw new AzsException(
                AzsErrorKind.RemoteFailed,
                "ReplyMalformed",
                $"{path}: the stack answered with something that is no list.",
                "Check that the endpoint is a stack's Resource Manager and that no proxy changes its answers.",
                path);
    }

    /// <summary>A page named an earlier one as the next.</summary>
    public static AzsException LoopFailure(string path) => new(
        AzsErrorKind.RemoteFailed,
        "PagingLoop",
        $"{path}: the stack's pages lead back to a page already read, so the list can't be read to its end.",
        "Try again; tell the stack's operator if it goes on.",
        path);
}
