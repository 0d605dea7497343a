using System.Text.Json;
using AzsBackup.Vault;
using AzsBackup.Vault.Format;
using AzsBackup.Vault.Jobs;
using AzsBackup.Vault.Maintenance;
using AzsBackup.Vault.Runs;
using Xunit;
using static AzsBackup.Tests.Vault.VaultWorkshop;

namespace AzsBackup.Tests.Vault.Jobs;

public sealed class VaultJobsTests : IDisposable
{
    private readonly MaintenanceWorkshop _workshop = new();

    public void Dispose() => _workshop.Dispose();

    [Fact]
    public async Task TryBegin_WhileOneIsUnderWay_SaysWho()
    {
        var vault = await _workshop.CreateAsync(encrypted: true);
        var jobs = new VaultJobs(vault);
        await using var session = await vault.BeginSessionAsync("one", Cancel);
        var first = await TryBeginAsync(jobs, session);
        var second = await TryBeginAsync(jobs, session);
        Assert.Null(second.Job);
        Assert.Equal((0, true, "x"), (second.Running!.Number, second.Running.IsRunning, second.Running.Details.GetProperty("say").GetString()));
        await first.Job!.EndAsync(Details(new { done = true }), Cancel);
        Assert.Equal(1, (await TryBeginAsync(jobs, session)).Job!.Number);
        var records = await jobs.ListAsync("subject", Cancel).ToListAsync(Cancel);
        Assert.Equal([1, 0], records.Select(record => record.Number));
        Assert.True(records[1].Result!.Value.GetProperty("done").GetBoolean());
        Assert.Null((await TryBeginAsync(jobs, session, "another subject")).Running);
    }

    [Fact]
    public async Task TryBegin_AfterOneWhoseProcessDied_BeginsWhenNothingWasHeardForLong()
    {
        var vault = await _workshop.CreateAsync();
        var dead = await TryBeginAsync(new VaultJobs(vault), await vault.BeginSessionAsync("dies", Cancel));
        Assert.NotNull(dead.Job);
        using var other = await BackupVault.OpenAsync(_workshop.Store, null, new VaultRuntime { Time = _workshop.OwnTime, Process = Elsewhere() }, Cancel);
        var jobs = new VaultJobs(other);
        await using (var session = await other.BeginSessionAsync("early", Cancel))
            Assert.NotNull((await TryBeginAsync(jobs, session)).Running);
        _workshop.Pass(RunLiveness.Silence + TimeSpan.FromMinutes(1));
        await using var late = await other.BeginSessionAsync("late", Cancel);
        Assert.NotNull((await TryBeginAsync(jobs, late)).Job);
        Assert.True((await jobs.ListAsync("subject", Cancel).ToListAsync(Cancel))[1].Died);
    }

    [Fact]
    public async Task TryBegin_ByManyAtOnce_OneAtATimeAndEachSeesTheOneBefore()
    {
        var vault = await _workshop.CreateAsync();
        var jobs = new VaultJobs(vault);
        await using var session = await vault.BeginSessionAsync("all", Cancel);
        int under = 0;
        int most = 0;
        await Parallel.ForEachAsync(Enumerable.Range(0, 50), new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = Cancel }, async (_, cancelled) =>
        {
            VaultJobStart start;
            do
            {
                start = await TryBeginAsync(jobs, session);
                await Task.Yield();
            }
            while (start.Job is null);
            most = Math.Max(most, Interlocked.Increment(ref under));
            await Task.Yield();
            Interlocked.Decrement(ref under);
            await start.Job.EndAsync(Details(new { }), cancelled);
        });
        Assert.Equal(1, most);
        Assert.Equal(Enumerable.Range(0, 50).Reverse(), (await jobs.ListAsync("subject", Cancel).ToListAsync(Cancel)).Select(record => record.Number));
    }

    [Fact]
    public async Task TryBegin_BesidePlantedObjects_GoesOn()
    {
        var vault = await _workshop.CreateAsync(encrypted: true);
        var jobs = new VaultJobs(vault);
        await using var session = await vault.BeginSessionAsync("one", Cancel);
        await (await TryBeginAsync(jobs, session)).Job!.EndAsync(Details(new { }), Cancel);
        string folder = _workshop.Store.Objects.Keys.Single(name => name.EndsWith(".begun", StringComparison.Ordinal))[..^"0.begun".Length];
        await _workshop.Store.TryCreateAsync(folder + "7.begun", new byte[50], Cancel);
        Assert.Equal(8, (await TryBeginAsync(jobs, session)).Job!.Number);
        await _workshop.Store.TryCreateAsync($"{folder}{RecordNames.MaximumNumber}.begun", new byte[50], Cancel);
        var job = Assert.Single(await jobs.ListAsync("subject", Cancel).Where(record => record.IsRunning).ToListAsync(Cancel));
        Assert.Equal(8, job.Number);
    }

    [Fact]
    public async Task Optimize_OldRecords_GoButTheTwoNewestOfEachSubject()
    {
        var vault = await _workshop.CreateAsync();
        var jobs = new VaultJobs(vault);
        for (int run = 0; run < 5; run++)
        {
            await using var session = await vault.BeginSessionAsync("run", Cancel);
            await (await TryBeginAsync(jobs, session)).Job!.EndAsync(Details(new { }), Cancel);
            _workshop.Pass(TimeSpan.FromDays(1));
        }

        await new VaultOptimizer(vault, new OptimizeOptions { JobHistory = TimeSpan.FromDays(2) + TimeSpan.FromHours(1) }).RunAsync(Cancel);
        Assert.Equal([4, 3], (await jobs.ListAsync("subject", Cancel).ToListAsync(Cancel)).Select(record => record.Number));
        _workshop.Pass(TimeSpan.FromDays(1000));
        await MaintenanceWorkshop.OptimizeAsync(vault);
        Assert.Equal(2, (await jobs.ListAsync(DateTime.MinValue, Cancel)).Count);
        await using var next = await vault.BeginSessionAsync("next", Cancel);
        Assert.Equal(5, (await TryBeginAsync(jobs, next)).Job!.Number);
    }

    [Fact]
    public async Task List_DamagedRecord_IsToldAndHidesNoOther()
    {
        var vault = await _workshop.CreateAsync();
        var jobs = new VaultJobs(vault);
        await using var session = await vault.BeginSessionAsync("one", Cancel);
        await (await TryBeginAsync(jobs, session)).Job!.EndAsync(Details(new { }), Cancel);
        await (await TryBeginAsync(jobs, session)).Job!.EndAsync(Details(new { }), Cancel);
        string name = _workshop.Store.Objects.Keys.Single(name => name.EndsWith("/1.begun", StringComparison.Ordinal));
        _workshop.Store.Objects[name] = (new byte[60], _workshop.Now);
        var records = await jobs.ListAsync(DateTime.MinValue, Cancel);
        Assert.Single(records, record => record.Damage is not null);
        Assert.Single(records, record => record.Damage is null);
        var (_, damages) = await MaintenanceWorkshop.VerifyAsync(vault);
        Assert.Equal(name, Assert.Single(damages).ObjectName);
    }

    private static Task<VaultJobStart> TryBeginAsync(VaultJobs jobs, VaultSession session, string subject = "subject") =>
        jobs.TryBeginAsync(session, subject, _ => Task.FromResult<JsonElement?>(Details(new { say = "x" })), Cancel);

    private static WriterProcess Elsewhere() => new("elsewhere", "1", "1", _ => throw new InvalidOperationException("It can't be looked at."));
}
