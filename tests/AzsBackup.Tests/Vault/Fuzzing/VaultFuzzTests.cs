using System.Diagnostics;
using System.Globalization;
using AzsBackup.Model;
using Xunit;

namespace AzsBackup.Tests.Vault.Fuzzing;

/// <summary>
/// Readers of every type of object take arbitrary bytes without anything but an <see cref="AzsException"/>, without hanging, and
/// without memory that the input does not account for. AZSBACKUP_FUZZ_INPUTS and AZSBACKUP_FUZZ_SEED choose how many and which.
/// </summary>
public sealed class VaultFuzzTests(ITestOutputHelper output)
{
    private const int Ordinary = 20_000;
    private const int AtLength = 1_000_000;
    private const int InputsPerVault = 200;

    // Parsing copies and decodes, and failures have texts; what they cost follows the input's length.
    private const int AllocationPerByte = 64;

    // Far more than any input needs on a busy machine: what takes longer does not end.
    private static readonly TimeSpan Hang = TimeSpan.FromSeconds(60);

    [Fact]
    public Task Readers_ArbitraryBytes_FailCleanly() => FuzzAsync(Ordinary);

    [LongFact]
    public Task Readers_AMillionArbitraryInputs_FailCleanly() => FuzzAsync(AtLength);

    private static int? FromEnvironment(string name) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), NumberStyles.Integer, CultureInfo.InvariantCulture, out int number) ? number : null;

    private async Task FuzzAsync(int inputs)
    {
        inputs = FromEnvironment("AZSBACKUP_FUZZ_INPUTS") ?? inputs;
        int seed = FromEnvironment("AZSBACKUP_FUZZ_SEED") ?? Environment.TickCount;
        output.WriteLine($"seed {seed}");
        using var folder = new TemporaryFolder();
        var corpus = await FuzzCorpus.MakeAsync();
        var targets = FuzzTargets.All(corpus, folder["key.txt"]);
        Assert.All(targets, target => Assert.NotEmpty(target.Seeds));
        foreach (var target in targets)
            target.Seeds.ToList().ForEach(seedInput => Record(() => target.Read(seedInput)));
        FuzzTarget[] choice = [.. targets.SelectMany(target => Enumerable.Repeat(target, target.Weight))];
        var vaults = new VaultFuzz(corpus);
        var counts = targets.ToDictionary(target => target.Name, _ => (Inputs: 0, Refused: 0, WorstAllocation: 0L));
        int vaultInputs = 0;
        double slowest = 0;
        var clock = Stopwatch.StartNew();
        for (int input = 0; input < inputs; input++)
        {
            var random = FuzzRandom.For(seed, input);
            long began = Stopwatch.GetTimestamp();
            if (input % InputsPerVault == 0)
            {
                var (name, plain) = vaults.Pick(ref random);
                byte[] changed = Mutate(ref random, plain, plain);
                var failure = await Xunit.Record.ExceptionAsync(() => vaults.ReadAsync(name, changed));
                Assert.True(failure is null, $"Seed {seed}, input {input}, a vault with another '{name}': {failure}");
                vaultInputs++;
            }
            else
            {
                var target = choice[random.Below(choice.Length)];
                byte[] bytes = Mutate(ref random, Pick(ref random, target), Pick(ref random, target));
                long before = GC.GetAllocatedBytesForCurrentThread();
                var failure = Record(() => target.Read(bytes));
                long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
                Assert.True(failure is null or AzsException, $"Seed {seed}, input {input}, {target.Name}: {failure}");
                Assert.True(allocated <= target.MaximumAllocation + AllocationPerByte * (long)bytes.Length, $"Seed {seed}, input {input}, {target.Name}: {allocated} bytes were allocated for {bytes.Length}.");
                var count = counts[target.Name];
                counts[target.Name] = (count.Inputs + 1, count.Refused + (failure is null ? 0 : 1), Math.Max(count.WorstAllocation, allocated));
            }

            var took = Stopwatch.GetElapsedTime(began);
            Assert.True(took < Hang, $"Seed {seed}, input {input} took {took}.");
            slowest = Math.Max(slowest, took.TotalMilliseconds);
        }

        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{inputs} inputs ({vaultInputs} of them whole vaults) in {clock.Elapsed.TotalSeconds:F1} s, {inputs / clock.Elapsed.TotalSeconds:F0} a second; the slowest took {slowest:F0} ms"));
        foreach (var (name, (tried, refused, worst)) in counts)
            output.WriteLine($"{name,-26} {tried,7} inputs, {refused,7} threw, at most {worst,9} bytes allocated");
        Assert.All(counts.Values, count => Assert.True(count.Inputs > 0));
    }

    private static byte[] Pick(ref FuzzRandom random, FuzzTarget target) => target.Seeds[random.Below(target.Seeds.Count)];

    private static byte[] Mutate(ref FuzzRandom random, byte[] input, byte[] other) =>
        random.Below(2) == 0 && input.Length > 1 && input[0] == (byte)'{' && JsonMutator.TryMutate(ref random, input) is { } changed
            ? changed
            : ByteMutator.Mutate(ref random, input, other);

    /// <summary>Faster than the framework's, and for what is synchronous.</summary>
    private static Exception? Record(Action action)
    {
        try
        {
            action();
            return null;
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            return exception;
        }
    }
}
