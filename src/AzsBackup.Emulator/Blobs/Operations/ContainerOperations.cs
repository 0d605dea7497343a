using AzsBackup.Emulator.Blobs.Http;
using AzsBackup.Emulator.Blobs.Store;

namespace AzsBackup.Emulator.Blobs.Operations;

/// <summary>Containers themselves: create, delete, properties, metadata.</summary>
internal sealed class ContainerOperations(ServiceClock clock)
{
    public static Task CreateAsync(BlobRequest request)
    {
        var access = request.Header("x-ms-blob-public-access");
        if (access is not (null or "container" or "blob"))
            throw BlobErrors.InvalidHeaderValue("x-ms-blob-public-access", access);
        var container = request.Account.Add(request.Address.Container, access, request.Metadata) ?? throw BlobErrors.ContainerAlreadyExists();
        request.SetVersionHeaders(container.Properties);
        request.Answer(StatusCodes.Status201Created);
        return Task.CompletedTask;
    }

    public static Task DeleteAsync(BlobRequest request)
    {
        var container = request.Container();
        new Conditions(request).CheckChange(container.Properties);
        request.Account.Remove(container);
        request.Answer(StatusCodes.Status202Accepted);
        return Task.CompletedTask;
    }

    public static Task GetPropertiesAsync(BlobRequest request)
    {
        var container = request.Container();
        request.SetVersionHeaders(container.Properties);
        request.SetMetadataHeaders(container.Properties);
        if (request.Query("comp") is null)
        {
            request.SetHeader("x-ms-lease-status", "unlocked");
            request.SetHeader("x-ms-lease-state", "available");
            request.SetHeader("x-ms-blob-public-access", container.PublicAccess);
            request.SetHeader("x-ms-has-immutability-policy", "false");
            request.SetHeader("x-ms-has-legal-hold", "false");
        }

        request.Answer(StatusCodes.Status200OK);
        return Task.CompletedTask;
    }

    public Task SetMetadataAsync(BlobRequest request)
    {
        var container = request.Container();
        new Conditions(request).CheckChange(container.Properties);
        container.Properties = container.Properties.Touched(clock) with { Metadata = request.Metadata };
        request.SetVersionHeaders(container.Properties);
        request.Answer(StatusCodes.Status200OK);
        return Task.CompletedTask;
    }
}
