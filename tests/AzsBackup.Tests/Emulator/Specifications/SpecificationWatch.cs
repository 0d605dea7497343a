using System.Collections.Concurrent;
using System.Diagnostics;
using AzsBackup.Emulator.Hosting;
using AzsBackup.Tests.Emulator.Replay;
using AzsBackup.Tests.Emulator.Specifications;
using Xunit;

[assembly: AssemblyFixture(typeof(SpecificationWatch))]

namespace AzsBackup.Tests.Emulator.Specifications;

/// <summary>
/// Looks at every ARM answer of every emulated stack of the test run, whoever its client is. A violation fails the test that
/// caused it as soon as that is told, and the run in any case.
/// </summary>
public sealed class SpecificationWatch : IDisposable, IObserver<DiagnosticListener>, IObserver<KeyValuePair<string, object?>>
{
    private const int Shown = 50;
    private static readonly ConcurrentDictionary<string, ConcurrentQueue<Violation>> Violations = new(StringComparer.OrdinalIgnoreCase);
    private static readonly ConcurrentDictionary<Deviation, bool> Used = new();
    private static readonly ConcurrentDictionary<string, long> Answers = new();
    private static readonly Lazy<StackSpecifications?> Specifications = new(() =>
        Directory.Exists(Material.PathOf("azure-rest-api-specs")) ? StackSpecifications.Load(Material.PathOf("azure-rest-api-specs")) : null);

    private readonly IDisposable _subscription;

    /// <summary>Begins to look.</summary>
    public SpecificationWatch() => _subscription = DiagnosticListener.AllListeners.Subscribe(this);

    /// <summary>The specifications; skips the test where the material is not there.</summary>
    internal static StackSpecifications RequireSpecifications()
    {
        _ = Material.Folder("azure-rest-api-specs");
        return Specifications.Value!;
    }

    /// <summary>The deviations that were needed so far.</summary>
    internal static IReadOnlyCollection<Deviation> UsedDeviations => [.. Used.Keys];

    /// <summary>How many answers were compared so far, by operation.</summary>
    internal static IReadOnlyDictionary<string, long> Compared => Answers;

    /// <summary>Fails the test if a stack answered other than specified.</summary>
    internal static void RequireNoViolation(Uri endpoint)
    {
        if (Violations.TryGetValue(endpoint.Authority, out ConcurrentQueue<Violation>? found))
            Assert.Fail("The stack does not answer as specified:\n" + string.Join('\n', found.Distinct().Take(Shown)));
    }

    /// <summary>
    /// Forgets what a stack answered: for one that strangers' templates were deployed to, which say numbers and truth values as
    /// texts; the emulated stack gives them back as it got them.
    /// </summary>
    internal static void Forget(Uri endpoint) => Violations.TryRemove(endpoint.Authority, out _);

    /// <inheritdoc/>
    public void OnNext(DiagnosticListener value)
    {
        if (value.Name == ArmExchange.ListenerName)
            value.Subscribe(this);
    }

    /// <inheritdoc/>
    public void OnNext(KeyValuePair<string, object?> value)
    {
        if (Specifications.Value is not { } specifications || value.Value is not ArmExchange exchange
            || specifications.Find(exchange.Method, exchange.Path, exchange.ApiVersion) is not { } operation)
            return;
        Answers.AddOrUpdate(operation.Id, 1, (_, count) => count + 1);
        foreach (Violation violation in specifications.Validate(operation, exchange))
        {
            if (Deviation.All.FirstOrDefault(deviation => deviation.Covers(violation)) is { } known)
                Used[known] = true;
            else
                Violations.GetOrAdd(exchange.Endpoint.Authority, _ => new ConcurrentQueue<Violation>()).Enqueue(violation);
        }
    }

    /// <inheritdoc/>
    public void OnError(Exception error) => throw new InvalidOperationException("The diagnostic listener ended.", error);

    /// <inheritdoc/>
    public void OnCompleted()
    {
        // A listener lives as long as the process.
    }

    /// <summary>Fails the run if any stack answered other than specified.</summary>
    public void Dispose()
    {
        _subscription.Dispose();
        TestContext.Current.SendDiagnosticMessage("{0} answers to {1} operations were compared with the specifications.", Answers.Values.Sum(), Answers.Count);
        List<Violation> all = [.. Violations.Values.SelectMany(found => found).Distinct()];
        if (all.Count > 0)
            throw new InvalidOperationException($"Emulated stacks did not answer as specified in {all.Count} points:\n{string.Join('\n', all.Take(Shown))}");
    }
}
