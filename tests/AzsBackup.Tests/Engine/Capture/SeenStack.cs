using AzsBackup.Engine.Stacks;
using AzsBackup.Model;

namespace AzsBackup.Tests.Engine.Capture;

/// <summary>A stack whose Resource Manager is seen through something else.</summary>
internal sealed class SeenStack(IStack stack, IResourceClient resources) : IStack
{
    public AzsStackConnection Connection => stack.Connection;

    public IResourceClient Resources => resources;

    public IPageBlobReader OpenGrantedDisk(IReadGrant grant) => stack.OpenGrantedDisk(grant);

    public IBlobAccount OpenBlobAccount(Uri blobEndpoint, string accountName, string accountKey) => stack.OpenBlobAccount(blobEndpoint, accountName, accountKey);
}
