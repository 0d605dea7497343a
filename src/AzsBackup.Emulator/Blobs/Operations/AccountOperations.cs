using AzsBackup.Emulator.Blobs.Http;

namespace AzsBackup.Emulator.Blobs.Operations;

/// <summary>What the service tells of an account.</summary>
internal static class AccountOperations
{
    /// <summary>Get Account Information (restype=account). A stamp has general-purpose v1 accounts with local redundancy, and no others.</summary>
    public static Task GetInformationAsync(BlobRequest request)
    {
        if (request.Query("restype") != "account")
            throw BlobErrors.NotImplemented();
        request.SetHeader("x-ms-sku-name", "Standard_LRS");
        request.SetHeader("x-ms-account-kind", "Storage");
        request.Answer(StatusCodes.Status200OK);
        return Task.CompletedTask;
    }
}
