namespace AzsBackup.Emulator.Arm.Operations;

/// <summary>What has to be known of an operation to go on with it after a restart.</summary>
/// <param name="Kind">What it does.</param>
/// <param name="Target">The id of the resource, or the name of the resource group.</param>
internal sealed record OperationIntent(OperationKind Kind, string Target)
{
    /// <summary>The version in which its result is shown, for <see cref="OperationKind.Write"/>.</summary>
    public string? ApiVersion { get; init; }

    /// <summary>The request that started it, for <see cref="OperationKind.Act"/>: it is asked of the room again.</summary>
    public ActionRequest? Request { get; init; }
}
