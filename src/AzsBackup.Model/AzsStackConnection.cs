namespace AzsBackup.Model;

/// <summary>An open session with a stack, as <c>Connect-AzsStack</c> emits it. Holds no secret.</summary>
public sealed record AzsStackConnection
{
    /// <summary>The name the connection goes by in <c>-Stack</c>; unique in this process.</summary>
    public required string Name { get; init; }

    /// <summary>The stack's tenant Resource Manager endpoint.</summary>
    public required Uri ArmEndpoint { get; init; }

    /// <summary>Who issues the tokens.</summary>
    public required AzsIdentityProvider Identity { get; init; }

    /// <summary>The directory tenant; <c>adfs</c> on AD FS.</summary>
    public required string TenantId { get; init; }

    /// <summary>The application or user signed in, where the token or the caller tells.</summary>
    public string? Account { get; init; }

    /// <summary>The subscription used where a command names none.</summary>
    public required string SubscriptionId { get; init; }

    /// <summary>The display name of that subscription.</summary>
    public string? SubscriptionName { get; init; }

    /// <summary>The stack's location (region) name, for example <c>local</c>.</summary>
    public required string Location { get; init; }

    /// <summary>The blob service version requests are sent with, for example <c>2019-07-07</c>.</summary>
    public required string BlobServiceVersion { get; init; }

    /// <summary>Whether commands without <c>-Stack</c> use this connection, as of when this object was emitted.</summary>
    public bool IsDefault { get; init; }

    /// <inheritdoc/>
    public override string ToString() => Name;
}
