using System.Text.Json.Nodes;
using AzsBackup.Azure.Connections;
using AzsBackup.Emulator.Hosting;
using AzsBackup.Engine.Stacks;
using AzsBackup.Model;
using AzsBackup.Tests.Azure.Fakes;
using Xunit;

namespace AzsBackup.Tests.Azure;

/// <summary>The adapters against the emulated stack, which nobody wrote to fit them.</summary>
public sealed class AzureStackClientTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(StackIdentityProvider.Entra, AzsIdentityProvider.Entra)]
    [InlineData(StackIdentityProvider.Adfs, AzsIdentityProvider.Adfs)]
    public async Task EmulatedStack_SampleEstate_IsConnectedToAndListed(StackIdentityProvider identity, AzsIdentityProvider seen)
    {
        await using var emulated = await EmulatedStack.StartAsync(new EmulatedStackOptions { Estate = "sample", Identity = identity, PageSize = 5 }, Ct);
        var stack = await ConnectAsync(emulated, emulated.ClientSecret);
        using var closing = (IDisposable)stack;
        Assert.Equal(seen, stack.Connection.Identity);
        Assert.Equal(emulated.SubscriptionId, stack.Connection.SubscriptionId);
        Assert.Equal(emulated.Location, stack.Connection.Location);
        var types = new List<string>();
        await foreach (var item in stack.Resources.ListAsync($"/subscriptions/{emulated.SubscriptionId}/resources", "Microsoft.Resources/resources", Ct))
            types.Add(item.Id.Type);
        Assert.True(types.Count > 5);
        Assert.Contains("Microsoft.Compute/virtualMachines", types, StringComparer.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task EmulatedStack_WrongSecret_IsRefused()
    {
        await using var emulated = await EmulatedStack.StartAsync(new EmulatedStackOptions(), Ct);
        var failure = await Assert.ThrowsAsync<AzsException>(() => ConnectAsync(emulated, "CANARY-wrong"));
        Assert.Equal("SignInRefused", failure.ErrorId);
        Assert.DoesNotContain("CANARY", failure.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task EmulatedStack_SnapshotOfADisk_IsGrantedReadAndRemoved()
    {
        await using var emulated = await EmulatedStack.StartAsync(new EmulatedStackOptions(), Ct);
        var stack = await ConnectAsync(emulated, emulated.ClientSecret);
        using var closing = (IDisposable)stack;
        var group = ResourceId.CreateGroup(emulated.SubscriptionId, "rg");
        await stack.Resources.PutAsync(group, new JsonObject { ["location"] = emulated.Location }, Ct);
        var disk = ResourceId.Create(emulated.SubscriptionId, "rg", "Microsoft.Compute/disks", "d");
        await stack.Resources.PutAsync(disk, Body(emulated, new JsonObject
        {
            ["creationData"] = new JsonObject { ["createOption"] = "Empty" },
            ["diskSizeGB"] = 1023,
        }), Ct);
        var snapshot = ResourceId.Create(emulated.SubscriptionId, "rg", "Microsoft.Compute/snapshots", "s");
        var made = await stack.Resources.PutAsync(snapshot, Body(emulated, new JsonObject
        {
            ["creationData"] = new JsonObject { ["createOption"] = "Copy", ["sourceResourceId"] = disk.ToString() },
        }), Ct);
        Assert.Equal("Succeeded", made.FindText("properties", "provisioningState"));

        var granted = await stack.Resources.PostAsync(
            snapshot, "beginGetAccess", new JsonObject { ["access"] = "Read", ["durationInSeconds"] = 600 }, Ct);
        var reader = stack.OpenGrantedDisk(new OneGrant(new Uri(granted!.Value.GetProperty("accessSAS").GetString()!)));
        var length = await reader.GetLengthAsync(Ct);
        Assert.Equal((1023L << 30) + 512, length);
        var ranges = new List<ByteRange>();
        await foreach (var range in reader.GetRangesAsync(Ct)) ranges.Add(range);
        Assert.True(ranges.Sum(range => range.Length) < 1 << 20);
        var footer = new byte[512];
        await reader.ReadAsync(length - 512, footer, Ct);
        Assert.True(footer.AsSpan().StartsWith("conectix"u8));

        await stack.Resources.PostAsync(snapshot, "endGetAccess", null, Ct);
        var refused = await Assert.ThrowsAsync<AzsException>(async () => await reader.ReadAsync(0, footer, Ct));
        Assert.Equal("DiskAccessRefused", refused.ErrorId);
        Assert.DoesNotContain("sig=", refused.ToString(), StringComparison.OrdinalIgnoreCase);
        await stack.Resources.DeleteAsync(snapshot, Ct);
        await stack.Resources.DeleteAsync(snapshot, Ct);
        Assert.Equal(AzsErrorKind.NotFound, (await Assert.ThrowsAsync<AzsException>(() => stack.Resources.GetAsync(snapshot, Ct))).Kind);
    }

    [Fact]
    public async Task EmulatedStack_StorageAccount_TakesPagesSnapshotsAndDocuments()
    {
        await using var emulated = await EmulatedStack.StartAsync(new EmulatedStackOptions(), Ct);
        var stack = await ConnectAsync(emulated, emulated.ClientSecret);
        using var closing = (IDisposable)stack;
        await stack.Resources.PutAsync(
            ResourceId.CreateGroup(emulated.SubscriptionId, "rg"), new JsonObject { ["location"] = emulated.Location }, Ct);
        var id = ResourceId.Create(emulated.SubscriptionId, "rg", "Microsoft.Storage/storageAccounts", "replicas1");
        var made = await stack.Resources.PutAsync(id, new JsonObject
        {
            ["location"] = emulated.Location,
            ["kind"] = "Storage",
            ["sku"] = new JsonObject { ["name"] = "Standard_LRS" },
            ["properties"] = new JsonObject(),
        }, Ct);
        var keys = await stack.Resources.PostAsync(id, "listKeys", null, Ct);
        var account = stack.OpenBlobAccount(
            new Uri(made.FindText("properties", "primaryEndpoints", "blob")!), "replicas1",
            keys!.Value.GetProperty("keys")[0].GetProperty("value").GetString()!);

        Assert.Null(await account.FindDocumentAsync("disks", "none.json", Ct));
        Assert.Empty(await NamesAsync(account));
        await account.EnsureContainerAsync("disks", Ct);
        await account.EnsureContainerAsync("disks", Ct);
        var blob = account.OpenPageBlob("disks", "vm 1/os disk.vhd");
        Assert.False(await blob.ExistsAsync(Ct));
        await blob.CreateAsync(1 << 20, Ct);
        var pages = new byte[8192];
        new Random(3).NextBytes(pages);
        await blob.WriteAsync(4096, pages, Ct);
        var taken = await blob.CreateSnapshotAsync(Ct);
        var snapshot = blob.OpenSnapshot(taken);
        await blob.ClearAsync(new ByteRange(4096, 4096), Ct);

        var read = new byte[8192];
        await snapshot.ReadAsync(4096, read, Ct);
        Assert.Equal(pages, read);
        await blob.ReadAsync(4096, read, Ct);
        Assert.Equal(new byte[4096], read[..4096]);
        Assert.Equal(pages[4096..], read[4096..]);
        Assert.Equal([new ByteRange(8192, 4096)], await RangesAsync(blob));
        Assert.Equal([new ByteRange(4096, 8192)], await RangesAsync(snapshot));

        await blob.DeleteSnapshotAsync(taken, Ct);
        await blob.DeleteSnapshotAsync(taken, Ct);
        Assert.Equal(AzsErrorKind.NotFound, (await Assert.ThrowsAsync<AzsException>(async () => await snapshot.ReadAsync(4096, read, Ct))).Kind);
        Assert.True(await blob.ExistsAsync(Ct));

        await account.PutDocumentAsync("disks", "vm 1/replica.json", "first"u8.ToArray(), Ct);
        await account.PutDocumentAsync("disks", "vm 1/replica.json", "second"u8.ToArray(), Ct);
        Assert.Equal("second"u8.ToArray(), await account.FindDocumentAsync("disks", "vm 1/replica.json", Ct));
        Assert.Equal(["vm 1/os disk.vhd", "vm 1/replica.json"], await NamesAsync(account));
        await blob.DeleteAsync(Ct);
        await blob.DeleteAsync(Ct);
        Assert.False(await blob.ExistsAsync(Ct));
    }

    private static Task<IStack> ConnectAsync(EmulatedStack emulated, string secret) =>
        new StackConnector(new InstantTimeProvider(), new Random(1)).ConnectAsync(
            new StackSignIn
            {
                ArmEndpoint = emulated.ArmEndpoint,
                TenantId = emulated.TenantId,
                CaCertificatePath = emulated.CaCertificatePath,
                Credential = new ClientSecretSignIn(emulated.ClientId, FakeStack.Secure(secret)),
            },
            new SilentRunLog(),
            Ct);

    private static JsonObject Body(EmulatedStack emulated, JsonObject properties) => new()
    {
        ["location"] = emulated.Location,
        ["sku"] = new JsonObject { ["name"] = "Standard_LRS" },
        ["properties"] = properties,
    };

    private static async Task<List<ByteRange>> RangesAsync(IPageBlobReader reader)
    {
        var ranges = new List<ByteRange>();
        await foreach (var range in reader.GetRangesAsync(Ct)) ranges.Add(range);
        return ranges;
    }

    private static async Task<List<string>> NamesAsync(IBlobAccount account)
    {
        var names = new List<string>();
        await foreach (var name in account.ListAsync("disks", "vm", Ct)) names.Add(name);
        return names;
    }

    private sealed class OneGrant(Uri uri) : IReadGrant
    {
        public ValueTask<Uri> GetUriAsync(CancellationToken cancellationToken) => ValueTask.FromResult(uri);

        public ValueTask<Uri> RenewAsync(Uri refused, CancellationToken cancellationToken) => ValueTask.FromResult(uri);
    }
}
