namespace AzsBackup.Tests.Emulator.Replay;

/// <summary>What kind of value a service makes up.</summary>
internal enum GeneratedForm
{
    /// <summary>A GUID, in the recorded style.</summary>
    Guid,

    /// <summary>A weak entity tag around a GUID.</summary>
    EntityTag,

    /// <summary>A time in ISO 8601, of any precision.</summary>
    Time,

    /// <summary>An ISO 8601 duration.</summary>
    Duration,

    /// <summary>An IPv4 address.</summary>
    Address,

    /// <summary>A MAC address with dashes.</summary>
    HardwareAddress,

    /// <summary>Bytes in base64, as many as recorded.</summary>
    Key,

    /// <summary>An https address of the stack, whose last segment is made up.</summary>
    Operation,

    /// <summary>A name; any text that is not empty.</summary>
    Name,

    /// <summary>A whole number.</summary>
    Number,

    /// <summary>A sentence for people; newer clouds add where to read more.</summary>
    Message,

    /// <summary>An https address that grants access to a page blob by its query.</summary>
    AccessAddress,

    /// <summary>The id of a resource, in any case. The recorder gave resource groups other names, but not where the service wrote them in capitals.</summary>
    ResourceId,
}
