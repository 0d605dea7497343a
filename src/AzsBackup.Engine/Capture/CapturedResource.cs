using AzsBackup.Engine.Configuration;
using AzsBackup.Engine.Stacks;
using AzsBackup.Model;

namespace AzsBackup.Engine.Capture;

/// <summary>A resource, and what became of it so far.</summary>
internal sealed record CapturedResource(ResourceId Id, CaptureEntry Entry)
{
    /// <summary>What is known of its type.</summary>
    public ResourceTypeDescription? Type { get; init; }

    /// <summary>Whether other resources are listed below it.</summary>
    public bool HasBelow => Entry.File is not null && Type is { Children.Count: > 0 } or { Extensions.Count: > 0 };

    /// <summary>One that was read and written.</summary>
    public static CapturedResource Written(ResourceBody body, string file, ResourceTypeDescription? type)
    {
        var entry = new CaptureEntry
        {
            Id = body.Id.ToString(),
            Type = body.Id.Type,
            Status = AzsCaptureStatus.Captured,
            ApiVersion = body.ApiVersion,
            RequestId = body.RequestId,
            File = file,
        };
        return new CapturedResource(body.Id, entry) { Type = type };
    }

    /// <summary>One that was not.</summary>
    public static CapturedResource Missing(ResourceId id, AzsCaptureStatus status, string reason) =>
        new(id, new CaptureEntry { Id = id.ToString(), Type = id.Type, Status = status, Reason = reason });

    /// <summary>A part of the listing that was refused, which stands for resources nobody knows.</summary>
    public static CapturedResource Refused(string path, string type, ResourceId scope, string reason) =>
        new(scope, new CaptureEntry { Id = path, Type = type, Status = AzsCaptureStatus.Failed, Reason = reason });

    /// <summary>For the user.</summary>
    public AzsResourceConfig ToResult(ICaptureStore store) => new()
    {
        ResourceId = Entry.Id,
        Type = Entry.Type,
        Name = Entry.IsRefusedListing ? "*" : Id.FullName,
        ResourceGroupName = Id.ResourceGroupName,
        SubscriptionId = Id.SubscriptionId,
        Status = Entry.Status,
        Reason = Entry.Reason,
        ApiVersion = Entry.ApiVersion,
        RequestId = Entry.RequestId,
        File = Entry.File is null ? null : store.Describe(Entry.File),
    };
}
