using Xunit;

namespace AzsBackup.Tests.Emulator.Persistence;

public sealed class KilledStackTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("azsbackup-killed-").FullName;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public Task Kill_AFewTimesAmidChanges_LosesNothingAcknowledged() => KillAsync(3, 20260301);

    [LongFact]
    public Task Kill_ManyTimesAmidChanges_LosesNothingAcknowledged() => KillAsync(25, System.Security.Cryptography.RandomNumberGenerator.GetInt32(int.MaxValue));

    private async Task KillAsync(int times, int seed)
    {
        TestContext.Current.TestOutputHelper!.WriteLine($"The seed is {seed}.");
        Random random = new(seed);
        List<IKilledWorker> workers =
        [
            .. Enumerable.Range(0, 3).Select(i => new PageBlobWorker($"pages{i}", seed + i)),
            .. Enumerable.Range(0, 2).Select(i => new BlockBlobWorker($"blocks{i}-", seed + i)),
            .. Enumerable.Range(0, 2).Select(i => new DiskWorker($"disk{i}-", seed + i)),
        ];
        string? announced = null;
        int acknowledged = 0;
        for (int round = 0; round <= times; round++)
        {
            using StackProcess process = await StackProcess.StartAsync(_directory, Cancel);
            announced ??= process.Announcement.ToJsonString();
            Assert.Equal(announced, process.Announcement.ToJsonString());
            using StackClient client = await StackClient.SignInAsync(process.Announcement, Cancel);
            await client.PrepareAsync();
            foreach (IKilledWorker worker in workers)
                await worker.VerifyAsync(client, Cancel);
            if (round == times)
                break;
            acknowledged += await WorkAsync(workers, client, process, random.Next(30, 300));
            await process.WaitAsync(Cancel);
        }

        TestContext.Current.TestOutputHelper!.WriteLine($"{times} kills, {acknowledged} changes acknowledged.");
    }

    /// <summary>Lets all work at once, and kills the stack when so many changes are acknowledged.</summary>
    private static async Task<int> WorkAsync(List<IKilledWorker> workers, StackClient client, StackProcess process, int until)
    {
        int done = 0;
        await Task.WhenAll(workers.Select(worker => Task.Run(async () =>
        {
            while (true)
            {
                try
                {
                    await worker.StepAsync(client, Cancel);
                }
                catch (Exception exception) when (Volatile.Read(ref done) >= until && exception is not Xunit.Sdk.XunitException)
                {
                    // The stack is dead, or is about to be.
                    return;
                }

                if (Interlocked.Increment(ref done) == until)
                    process.Kill();
            }
        }, Cancel)));
        return done;
    }
}
