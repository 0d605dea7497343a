using System.Net.Http.Json;
using System.Text.Json.Nodes;
using AzsBackup.Azure.Connections;
using AzsBackup.Emulator.Hosting;
using AzsBackup.Engine.Readiness;
using AzsBackup.Engine.Stacks;
using AzsBackup.Model;
using AzsBackup.Tests.Azure.Fakes;
using AzsBackup.Tests.Engine.Fakes;
using Xunit;

namespace AzsBackup.Tests.Engine.Readiness;

public sealed class StackReadinessTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task RunAsync_OwnerOfASampleStack_IsReady()
    {
        await using var emulated = await StartAsync();
        var rows = await TestAsync(emulated, trial: true);
        Assert.All(rows, row => Assert.True(row.Status == AzsReadinessStatus.Ready, $"{row}: {row.Detail}"));
        Assert.Equal(rows.Count, rows.Select(row => row.Probe).Distinct().Count());
        string[] expected = ["Connection", "Identity", "Subscription", "Clock", "Locks", "Snapshots of running VMs", "Change reports", "Role: Start-AzsVmBackup", "Quota: Microsoft.Compute"];
        Assert.Subset(rows.Select(row => row.Probe).ToHashSet(), expected.ToHashSet());
    }

    [Fact]
    public async Task RunAsync_WithoutTrial_ChangesNothing()
    {
        await using var emulated = await StartAsync();
        var rows = await TestAsync(emulated, trial: false);
        Assert.Equal(AzsReadinessStatus.Unknown, rows.Single(row => row.Probe == "Change reports").Status);
        Assert.DoesNotContain(emulated.RecentRequests, request => request.Method is "PUT" or "DELETE" or "PATCH" || request.Path.Contains("beginGetAccess", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task RunAsync_Trial_LeavesNothing()
    {
        await using var emulated = await StartAsync();
        await TestAsync(emulated, trial: true);
        using var stack = (IDisposable)await ConnectAsync(emulated);
        var left = new List<string>();
        await foreach (var item in ((IStack)stack).Resources.ListAsync($"/subscriptions/{emulated.SubscriptionId}/resources", "Microsoft.Resources/resources", Ct)) left.Add(item.Id.Name);
        Assert.DoesNotContain(left, name => name.Contains("trial", StringComparison.Ordinal));
    }

    [Fact]
    public async Task RunAsync_Reader_LacksWhatBackupsNeed()
    {
        await using var emulated = await StartAsync(new EmulatedStackOptions { Role = "Reader" });
        var rows = await TestAsync(emulated, trial: true);
        Assert.Equal(AzsReadinessStatus.Ready, rows.Single(row => row.Probe == "Role: Export-AzsResourceConfig").Status);
        var backup = rows.Single(row => row.Probe == "Role: Start-AzsVmBackup");
        Assert.Equal(AzsReadinessStatus.Missing, backup.Status);
        Assert.Contains("Microsoft.Compute/snapshots/write", backup.Detail, StringComparison.Ordinal);
        Assert.DoesNotContain("disks/read", backup.Detail, StringComparison.Ordinal);
        var trial = rows.Single(row => row.Probe == "Snapshots");
        Assert.Equal(AzsReadinessStatus.Missing, trial.Status);
        Assert.NotNull(trial.NextStep);
    }

    [Theory]
    [InlineData(20, AzsReadinessStatus.Ready)]
    [InlineData(-150, AzsReadinessStatus.Limited)]
    [InlineData(900, AzsReadinessStatus.Missing)]
    public async Task RunAsync_ClocksApart_AreToldOf(int seconds, AzsReadinessStatus status)
    {
        await using var emulated = await StartAsync();
        using var stack = (IDisposable)await ConnectAsync(emulated);
        var clock = new InstantTimeProvider();
        clock.Advance(TimeSpan.FromSeconds(seconds));
        var rows = await new StackReadiness((IStack)stack, clock, new CountingRunIds(), new RecordingLog()).RunAsync(false, Ct).ToListAsync(Ct);
        Assert.Equal(status, rows.Single(row => row.Probe == "Clock").Status);
    }

    [Theory]
    [InlineData("ReadOnly", AzsReadinessStatus.Missing)]
    [InlineData("CanNotDelete", AzsReadinessStatus.Limited)]
    public async Task RunAsync_LockedSubscription_IsToldOf(string level, AzsReadinessStatus status)
    {
        await using var emulated = await StartAsync();
        using (var stack = (IDisposable)await ConnectAsync(emulated))
        {
            await ((IStack)stack).Resources.PutAsync(
                ResourceId.Parse($"/subscriptions/{emulated.SubscriptionId}/providers/Microsoft.Authorization/locks/stop"),
                new JsonObject { ["properties"] = new JsonObject { ["level"] = level } },
                Ct);
        }

        var row = (await TestAsync(emulated, trial: false)).Single(one => one.Probe == "Locks");
        Assert.Equal(status, row.Status);
        Assert.Contains("stop", row.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_DiffUnsupported_IsLimited()
    {
        await using var emulated = await StartAsync();
        await FaultAsync(emulated, new JsonObject { ["operation"] = "GetPageRangesDiff", ["diff"] = "unsupported" });
        var rows = await TestAsync(emulated, trial: true);
        Assert.Equal(AzsReadinessStatus.Limited, rows.Single(row => row.Probe == "Change reports").Status);
        Assert.Equal(AzsReadinessStatus.Ready, rows.Single(row => row.Probe == "Page ranges").Status);
    }

    [Fact]
    public async Task RunAsync_OneProbeFails_OthersGoOn()
    {
        await using var emulated = await StartAsync();
        await FaultAsync(emulated, new JsonObject { ["operation"] = "Microsoft.Authorization/locks/read", ["status"] = 403, ["code"] = "AuthorizationFailed" });
        var rows = await TestAsync(emulated, trial: false);
        var row = rows.Single(one => one.Probe == "Locks");
        Assert.Equal(AzsReadinessStatus.Unknown, row.Status);
        Assert.NotNull(row.NextStep);
        Assert.Contains(rows, one => one.Probe == "Quota: Microsoft.Compute");
    }

    [Fact]
    public async Task RunAsync_StackGone_SaysSoAndNothingElse()
    {
        var emulated = await StartAsync();
        using var stack = (IDisposable)await ConnectAsync(emulated);
        await emulated.DisposeAsync();
        var rows = await new StackReadiness((IStack)stack, TimeProvider.System, new CountingRunIds(), new RecordingLog()).RunAsync(true, Ct).ToListAsync(Ct);
        Assert.Equal(("Connection", AzsReadinessStatus.Missing), Assert.Single(rows.Select(row => (row.Probe, row.Status))));
    }

    private static Task<EmulatedStack> StartAsync(EmulatedStackOptions? options = null) =>
        EmulatedStack.StartAsync((options ?? new EmulatedStackOptions()) with { Estate = "sample", OperationDuration = TimeSpan.Zero }, Ct);

    private static async Task<List<AzsStackReadiness>> TestAsync(EmulatedStack emulated, bool trial)
    {
        using var stack = (IDisposable)await ConnectAsync(emulated);
        return await new StackReadiness((IStack)stack, TimeProvider.System, new CountingRunIds(), new RecordingLog()).RunAsync(trial, Ct).ToListAsync(Ct);
    }

    private static Task<IStack> ConnectAsync(EmulatedStack emulated) => new StackConnector(new InstantTimeProvider(), new Random(1)).ConnectAsync(
        new StackSignIn
        {
            ArmEndpoint = emulated.ArmEndpoint,
            TenantId = emulated.TenantId,
            CaCertificatePath = emulated.CaCertificatePath,
            Credential = new ClientSecretSignIn(emulated.ClientId, FakeStack.Secure(emulated.ClientSecret)),
        },
        new SilentRunLog(),
        Ct);

    private static async Task FaultAsync(EmulatedStack emulated, JsonObject fault)
    {
        using var http = new HttpClient();
        using var answer = await http.PostAsJsonAsync(new Uri(emulated.ControlEndpoint, "faults"), new JsonArray(fault), Ct);
        Assert.True(answer.IsSuccessStatusCode);
    }
}
