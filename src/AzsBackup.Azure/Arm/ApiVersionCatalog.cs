using System.Collections.Concurrent;
using AzsBackup.Model;

namespace AzsBackup.Azure.Arm;

/// <summary>
/// Which api-version to ask a stack with. A stamp offers a list per type, which differs between releases and never holds the
/// SDKs' newest; so what is pinned is taken where it is offered, and something close where it is not. Safe for concurrent use.
/// </summary>
/// <param name="readOffers">
/// Reads the stack's provider list: type to versions, keyed whatever the case. Called once, when first needed, or again if it failed.
/// </param>
internal sealed class ApiVersionCatalog(
    Func<CancellationToken, Task<IReadOnlyDictionary<string, IReadOnlyList<string>>>> readOffers) : IDisposable
{
    private readonly ConcurrentDictionary<string, string> _corrections = new(StringComparer.OrdinalIgnoreCase);
    private readonly SemaphoreSlim _reading = new(1, 1);
    private volatile IReadOnlyDictionary<string, IReadOnlyList<string>>? _offers;

    /// <summary>The version for a type.</summary>
    /// <exception cref="AzsException">The stack does not offer the type, nor a parent of it, and no profile names it.</exception>
    public async ValueTask<string> ChooseAsync(string type, CancellationToken cancellationToken)
    {
        if (_corrections.TryGetValue(type, out var corrected)) return corrected;
        var offers = await ReadOffersAsync(cancellationToken).ConfigureAwait(false);
        return Choose(type, offers) ?? throw new AzsException(
            AzsErrorKind.NotSupported,
            "ResourceTypeNotOffered",
            $"The stack offers no resources of type {type}.",
            "Ask the stack's operator whether the resource provider is installed, and register it in the subscription.",
            type);
    }

    /// <summary>Takes note that a version was refused, with those that the refusal named. Null if they leave nothing else to try.</summary>
    public string? Correct(string type, string refused, IReadOnlyList<string> supported)
    {
        var other = ChooseFrom(type, [.. supported.Where(version => version != refused)]);
        if (other is not null) _corrections[type] = other;
        return other;
    }

    /// <inheritdoc/>
    public void Dispose() => _reading.Dispose();

    /// <summary>The choice by an offer; null if neither the type nor a parent is offered or pinned.</summary>
    public static string? Choose(string type, IReadOnlyDictionary<string, IReadOnlyList<string>> offers)
    {
        // A child that the list does not name (virtualMachines/extensions on some stamps) goes by its parent's offer.
        for (var named = type; named.Contains('/', StringComparison.Ordinal); named = named[..named.LastIndexOf('/')])
        {
            if (offers.TryGetValue(named, out var offered) && ChooseFrom(type, offered, named) is { } choice) return choice;
        }

        return FindPin(type);
    }

    private static string? ChooseFrom(string type, IReadOnlyList<string> offered, string? named = null)
    {
        var pin = HybridProfile.FindPin(type) ?? HybridProfile.FindPin(named ?? type);
        if (pin is not null && offered.Contains(pin, StringComparer.OrdinalIgnoreCase)) return pin;

        // Newer than what its provider has in the profile, a version may have another shape than the one this module knows.
        var ceiling = pin ?? HybridProfile.FindNewest(type[..type.IndexOf('/', StringComparison.Ordinal)]);
        var stable = offered.Where(version => version.Length == "2020-06-01".Length).OrderDescending(StringComparer.Ordinal).ToList();
        return stable.Find(version => ceiling is null || string.CompareOrdinal(version, ceiling) <= 0)
            ?? stable.FirstOrDefault()
            ?? offered.Max(StringComparer.Ordinal);
    }

    private static string? FindPin(string type)
    {
        for (var named = type; named.Contains('/', StringComparison.Ordinal); named = named[..named.LastIndexOf('/')])
        {
            if (HybridProfile.FindPin(named) is { } pin) return pin;
        }

        return null;
    }

    private async ValueTask<IReadOnlyDictionary<string, IReadOnlyList<string>>> ReadOffersAsync(CancellationToken cancellationToken)
    {
        if (_offers is { } known) return known;
        await _reading.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return _offers ??= await readOffers(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _reading.Release();
        }
    }
}
