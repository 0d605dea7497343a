using AzsBackup.Engine.Policies;
using AzsBackup.Model;
using AzsBackup.Tests.Vault.Stores;
using Xunit;
using static AzsBackup.Tests.Vault.VaultWorkshop;

namespace AzsBackup.Tests.Engine.Policies;

public sealed class PolicyCatalogTests
{
    [Fact]
    public async Task AddChangeRemove_ByACredentialThatMayOnlyAdd_IsFoundAsItWasWritten()
    {
        var store = new CreateOnlyStore(new MemoryStore());
        using var vault = await CreateAsync(store);
        var catalog = new PolicyCatalog(vault);
        var policy = PolicyRig.Policy() with
        {
            Exclude = [new PolicyRule { Tag = new Dictionary<string, string> { ["backup"] = "no" } }],
            Schedule = new PolicySchedule { Frequency = AzsScheduleFrequency.Monthly, TimeZone = "Asia/Tokyo", At = [new TimeOnly(1, 30)], WeeksOfMonth = [AzsWeekOfMonth.Last], DaysOfWeek = [DayOfWeek.Friday] },
        };
        await catalog.AddAsync(policy, replace: false, Cancel);
        var found = await catalog.FindAsync("NIGHTLY", Cancel);
        Assert.Equivalent(policy, found.Policy, strict: true);
        var changed = await catalog.ChangeAsync(found, found.Policy with { ThrottleLimit = 9 }, Cancel);
        Assert.Equal(1, changed.Version);
        Assert.Equal(9, Assert.Single((await catalog.ListAsync(Cancel)).Policies).Policy.ThrottleLimit);
        await catalog.RemoveAsync(changed, Cancel);
        Assert.Equal("PolicyNotFound", (await Assert.ThrowsAsync<AzsException>(() => catalog.FindAsync("nightly", Cancel))).ErrorId);
        Assert.Equal(3, (await catalog.AddAsync(policy, replace: false, Cancel)).Version);
    }

    [Fact]
    public async Task Change_OfAVersionThatSomebodyElseChanged_IsRefused()
    {
        using var vault = await CreateAsync(new MemoryStore());
        var catalog = new PolicyCatalog(vault);
        var read = await catalog.AddAsync(PolicyRig.Policy(), replace: false, Cancel);
        await catalog.ChangeAsync(read, read.Policy with { ThrottleLimit = 2 }, Cancel);
        foreach (var attempt in new Func<Task>[] { () => catalog.ChangeAsync(read, read.Policy with { ThrottleLimit = 3 }, Cancel), () => catalog.RemoveAsync(read, Cancel) })
        {
            Assert.Equal("PolicyChanged", (await Assert.ThrowsAsync<AzsException>(attempt)).ErrorId);
        }

        Assert.Equal("PolicyExists", (await Assert.ThrowsAsync<AzsException>(() => catalog.AddAsync(PolicyRig.Policy(), replace: false, Cancel))).ErrorId);
        Assert.Equal(2, (await catalog.FindAsync("nightly", Cancel)).Policy.ThrottleLimit);
    }

    [Fact]
    public async Task Change_ByManyAtOnce_OneWinsEachTimeAndNothingIsLost()
    {
        using var vault = await CreateAsync(new MemoryStore());
        var catalog = new PolicyCatalog(vault);
        await catalog.AddAsync(PolicyRig.Policy() with { QuiesceLimitSeconds = 1 }, replace: false, Cancel);
        await Parallel.ForEachAsync(Enumerable.Range(0, 40), new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = Cancel }, async (_, cancelled) =>
        {
            while (true)
            {
                var read = await catalog.FindAsync("nightly", cancelled);
                try
                {
                    await catalog.ChangeAsync(read, read.Policy with { QuiesceLimitSeconds = read.Policy.QuiesceLimitSeconds + 1 }, cancelled);
                    return;
                }
                catch (AzsException changed) when (changed.ErrorId == "PolicyChanged")
                {
                    // Read again what the other one wrote.
                }
            }
        });
        var last = await catalog.FindAsync("nightly", Cancel);
        Assert.Equal((41, 40), (last.Policy.QuiesceLimitSeconds, last.Version));
    }

    [Fact]
    public async Task Find_DamagedPolicy_IsNotReplacedByAnOlderVersion()
    {
        var store = new MemoryStore();
        using var vault = await CreateAsync(store);
        var catalog = new PolicyCatalog(vault);
        var read = await catalog.AddAsync(PolicyRig.Policy(), replace: false, Cancel);
        await catalog.ChangeAsync(read, read.Policy with { ThrottleLimit = 2 }, Cancel);
        var newest = store.Objects.Keys.Single(name => name.EndsWith("1.setting", StringComparison.Ordinal));
        store.Objects[newest] = ([.. store.Objects[newest].Content[..^1], 0], default);
        Assert.Equal("PolicyDamaged", (await Assert.ThrowsAsync<AzsException>(() => catalog.FindAsync("nightly", Cancel))).ErrorId);
        Assert.Single((await catalog.ListAsync(Cancel)).Damaged);
        Assert.Equal(2, (await catalog.AddAsync(PolicyRig.Policy(), replace: true, Cancel)).Version);
        Assert.Empty((await catalog.ListAsync(Cancel)).Damaged);
    }
}
