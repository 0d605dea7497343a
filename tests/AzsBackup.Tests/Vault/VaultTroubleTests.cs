using AzsBackup.Model;
using AzsBackup.Tests.Vault.Stores;
using AzsBackup.Vault;
using AzsBackup.Vault.Copying;
using AzsBackup.Vault.Removal;
using Xunit;
using static AzsBackup.Tests.Vault.MaintenanceWorkshop;
using static AzsBackup.Tests.Vault.VaultWorkshop;

namespace AzsBackup.Tests.Vault;

/// <summary>
/// The store is full, may no longer be written to, or is gone, from any request on: whoever is at work fails with that very error,
/// nothing is lost, and once the trouble is over the next run succeeds.
/// </summary>
public sealed class VaultTroubleTests
{
    private static readonly byte[] First = MakeStream([2, 1, 3], 100, seed: 1);
    private static readonly byte[] Second = MakeStream([2, 2, 3], 200, seed: 50);

    public static TheoryData<string, string> Cases()
    {
        var cases = new TheoryData<string, string>();
        foreach (string trouble in new[] { "full", "denied", "gone" })
        {
            foreach (string work in new[] { "backup", "optimize", "verify", "copy", "key" })
                cases.Add(trouble, work);
        }

        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Work_TroubleFromAnyRequestOn_SaysSoAndLosesNothing(string trouble, string work)
    {
        int failures = 0;
        for (int request = 1; ; request++)
        {
            using var workshop = new MaintenanceWorkshop();
            var vault = await workshop.CreateAsync(encrypted: true);
            string kept = (await BackUpAsync(vault, First)).Id;
            string going = (await BackUpAsync(vault, Second, "/vm/2")).Id;
            await new PointRemoval(vault).RequestAsync(going, TimeSpan.Zero, byRetention: false, Cancel);
            workshop.Pass(TimeSpan.FromHours(2));
            var target = work == "copy" ? new MemoryStore(workshop.StoreTime, "copy") : workshop.Store;
            var store = new BreakingStore(target, () => Failure(trouble), readsToo: trouble == "gone");
            var troubled = work == "copy" ? vault : await workshop.OpenAsync(store, encrypted: true);
            store.BreakAt(request);
            bool failed = await FailsAsync(() => WorkAsync(work, vault, troubled, store), trouble);
            failures += failed ? 1 : 0;
            store.Mend();

            Assert.Equal(First, await RestoreAsync(vault, kept));
            foreach (var point in await ListAsync(vault))
                await RestoreAsync(vault, point.Id);

            // The trouble is over; those whose sessions died are known to be dead.
            workshop.Pass(TimeSpan.FromDays(2));
            await WorkAsync(work, vault, troubled, store);
            await workshop.LiveAsync(vault, 4);
            Assert.Equal(First, await RestoreAsync(vault, kept));
            Assert.Empty((await VerifyAsync(vault)).Damages);
            Assert.DoesNotContain(await ListAsync(vault), point => point.Id == going);
            if (!failed)
                break;
        }

        // Whoever may not write verifies all the same, and remembers nothing of it.
        Assert.True(work == "verify" && trouble == "denied" ? failures == 0 : failures > (work is "verify" or "key" ? 1 : 6), $"{failures}");
    }

    /// <summary>An unmounted volume leaves an empty folder that takes in everything: nothing may be published across the two.</summary>
    [Fact]
    public async Task BackUp_AnotherStoreInItsPlace_IsNotPublished()
    {
        var store = new MemoryStore();
        using var vault = await CreateAsync(store);
        await using var session = await vault.BeginSessionAsync("test", Cancel);
        var (draft, _) = await PutAsync(session, "disk-0", First);
        var before = store.Objects.ToDictionary();
        store.Objects.Clear();
        var failure = await Assert.ThrowsAsync<AzsException>(() => session.PublishAsync(
            new PointDraft
            {
                Source = Source,
                Item = Item,
                CreatedAt = DateTime.UnixEpoch,
                Details = Details(new { }),
                Streams = [draft],
                Documents = new Dictionary<string, ReadOnlyMemory<byte>>(),
            },
            Cancel));
        Assert.Equal((AzsErrorKind.StorageFailed, "VaultGone"), (failure.Kind, failure.ErrorId));
        Assert.DoesNotContain(store.Objects.Keys, name => name.EndsWith("point.json", StringComparison.Ordinal));
        foreach (var (name, stored) in before)
            store.Objects[name] = stored;
        Assert.Equal(First, await RestoreAsync(vault, (await BackUpAsync(vault, First)).Id));
    }

    private static async Task WorkAsync(string work, BackupVault vault, BackupVault troubled, BreakingStore store)
    {
        switch (work)
        {
            case "backup":
                await BackUpAsync(troubled, Second, "/vm/3");
                break;
            case "optimize":
                await OptimizeAsync(troubled);
                break;
            case "verify":
                await VerifyAsync(troubled);
                break;
            case "key":
                using (var secret = Passphrase("another passphrase"))
                {
                    var key = await troubled.AddKeyAsync(secret, Cancel);
                    await troubled.RemoveKeyAsync(key.Id, force: false, Cancel);
                }

                break;
            default:
                await foreach (var point in new VaultCopy(vault, store, new VaultCopyOptions { ChunksInFlight = 1 }).RunAsync(Cancel))
                {
                    if (point.Failure is { } failure)
                        throw failure;
                }

                break;
        }
    }

    private static async Task<bool> FailsAsync(Func<Task> work, string trouble)
    {
        try
        {
            await work();
            return false;
        }
        catch (AzsException exception)
        {
            var expected = Failure(trouble);
            Assert.Equal((expected.Kind, expected.ErrorId), (exception.Kind, exception.ErrorId));
            return true;
        }
    }

    private static AzsException Failure(string trouble) => trouble switch
    {
        "full" => new(AzsErrorKind.StorageFailed, "TestFull", "No space is left.", "Nothing; this is a test."),
        "denied" => new(AzsErrorKind.PermissionDenied, "TestDenied", "May not write.", "Nothing; this is a test."),
        _ => new(AzsErrorKind.StorageFailed, "TestGone", "The store does not answer.", "Nothing; this is a test."),
    };
}
