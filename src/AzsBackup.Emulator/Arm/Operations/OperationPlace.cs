namespace AzsBackup.Emulator.Arm.Operations;

/// <summary>Where and how a provider shows its operations.</summary>
/// <param name="StatusPath">Where status documents lie, below the endpoint, without the operation's id.</param>
/// <param name="ResultPath">Where results lie; the same path if they are asked for by <c>monitor=true</c>.</param>
/// <param name="Detail">What a status document tells.</param>
/// <param name="AnnouncesNotification">Whether answers carry <c>Azure-AsyncNotification: Enabled</c>.</param>
internal sealed record OperationPlace(string StatusPath, string ResultPath, OperationDetail Detail, bool AnnouncesNotification)
{
    /// <summary>Results only, as ARM's own operations have.</summary>
    public static OperationPlace Results(string path) => new(path, path, OperationDetail.Times, AnnouncesNotification: false);
}
