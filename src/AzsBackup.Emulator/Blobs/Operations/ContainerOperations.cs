using AzsBackup.Emulator.Blobs.Http;
using AzsBackup.Emulator.Blobs.Store;

namespace AzsBackup.Emulator.Blobs.Operations;

/// <summary>Containers themselves: create, delete, properties, metadata.</summary>
internal sealed class ContainerOperations(ServiceClock clock)
{
    public static Task CreateAsync(BlobRequest request)
    {
        var access = PublicAccess(request);
        var container = request.Account.Add(request.Address.Container, access, request.Metadata) ?? throw BlobErrors.ContainerAlreadyExists();
        request.SetVersionHeaders(container.Properties);
        request.Answer(StatusCodes.Status201Created);
        return Task.CompletedTask;
    }

    public static Task DeleteAsync(BlobRequest request)
    {
        var container = request.Container();
        new Conditions(request).CheckChange(container.Properties);
        container.Lease.CheckWrite(request.LeaseId());
        request.Account.Remove(container);
        request.Answer(StatusCodes.Status202Accepted);
        return Task.CompletedTask;
    }

    public static Task GetPropertiesAsync(BlobRequest request)
    {
        var container = request.Container();
        container.Lease.CheckRead(request.LeaseId());
        request.SetVersionHeaders(container.Properties);
        request.SetMetadataHeaders(container.Properties);
        if (request.Query("comp") is null)
        {
            request.SetLeaseHeaders(container.Lease);
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
        container.ChangeSelf(() =>
        {
            new Conditions(request).CheckChange(container.Properties);
            container.Lease.CheckRead(request.LeaseId());
            container.Properties = container.Properties.Touched(clock) with { Metadata = request.Metadata };
            request.SetVersionHeaders(container.Properties);
        });
        request.Answer(StatusCodes.Status200OK);
        return Task.CompletedTask;
    }

    /// <summary>The level asked for; null: private.</summary>
    public static string? PublicAccess(BlobRequest request)
    {
        const string Name = "x-ms-blob-public-access";
        return request.Header(Name) is null or "container" or "blob" ? request.Header(Name) : throw BlobErrors.InvalidHeaderValue(Name, request.Header(Name)!);
    }
}
