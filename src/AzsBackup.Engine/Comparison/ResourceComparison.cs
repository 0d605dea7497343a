using System.Runtime.CompilerServices;
using AzsBackup.Engine.Capture;
using AzsBackup.Engine.Stacks;
using AzsBackup.Model;

namespace AzsBackup.Engine.Comparison;

/// <summary>
/// Compares two captures, resource by resource, in the order of their ids; one pair of bodies is in memory at a time. To
/// compare across stacks, map the reference's content to the other stack first.
/// </summary>
/// <param name="reference">What was.</param>
/// <param name="difference">What is.</param>
/// <param name="options">What counts.</param>
public sealed class ResourceComparison(CaptureContent reference, CaptureContent difference, ComparisonOptions options)
{
    /// <summary>How many resources were left out because the other side was not made of the place they are in.</summary>
    public int OutOfScope { get; private set; }

    /// <summary>Compares. Each call counts <see cref="OutOfScope"/> anew.</summary>
    /// <exception cref="AzsException"><c>CapturesDisjoint</c>: the two have no place in common; or a capture can't be read.</exception>
    public async IAsyncEnumerable<AzsResourceDifference> RunAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (!reference.Scopes.Any(scope => difference.Covers(scope.ToString())) && !difference.Scopes.Any(scope => reference.Covers(scope.ToString())))
        {
            throw Disjoint();
        }

        OutOfScope = 0;
        var before = new ComparedSide("reference", reference);
        var after = new ComparedSide("difference", difference);
        foreach (var id in before.Ids.Union(after.Ids, StringComparer.OrdinalIgnoreCase).Order(StringComparer.OrdinalIgnoreCase))
        {
            var old = before.Find(id);
            var now = after.Find(id);
            if ((old is null && !reference.Covers(id)) || (now is null && !difference.Covers(id)))
            {
                OutOfScope++;
                continue;
            }

            var blindness = before.Blindness(id) ?? after.Blindness(id);
            if (blindness is not null)
            {
                yield return Describe(old ?? now!, AzsResourceChange.Unknown) with { Reason = blindness };
                continue;
            }

            await foreach (var found in CompareAsync(old, now, cancellationToken).ConfigureAwait(false)) yield return found;
        }
    }

    private async IAsyncEnumerable<AzsResourceDifference> CompareAsync(
        CaptureEntry? old, CaptureEntry? now, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var entry = old ?? now!;
        var before = await BodyAsync(reference, old, cancellationToken).ConfigureAwait(false);
        var after = await BodyAsync(difference, now, cancellationToken).ConfigureAwait(false);
        if (old is null || now is null)
        {
            yield return Describe(entry, old is null ? AzsResourceChange.Added : AzsResourceChange.Removed) with
            {
                ReferenceValue = PlainValue.Of(before),
                DifferenceValue = PlainValue.Of(after),
            };
            yield break;
        }

        var isEqual = true;
        foreach (var found in PropertyComparison.Compare(before, after))
        {
            if (IsExcluded(found.Path)) continue;
            isEqual = false;
            yield return Describe(entry, AzsResourceChange.Changed) with
            {
                Path = found.Path.ToString(),
                ReferenceValue = PlainValue.Of(found.Reference),
                DifferenceValue = PlainValue.Of(found.Difference),
            };
        }

        if (isEqual && options.IncludeEqual) yield return Describe(entry, AzsResourceChange.Equal);
    }

    private async Task<System.Text.Json.Nodes.JsonObject?> BodyAsync(CaptureContent content, CaptureEntry? entry, CancellationToken cancellationToken) =>
        entry is not null && await content.FindBodyAsync(entry, cancellationToken).ConfigureAwait(false) is { } body
            ? ComparableBody.Of(entry.Type, body, options) : null;

    private bool IsExcluded(DifferencePath path)
    {
        for (var at = path; at.Parent is not null; at = at.Parent)
        {
            if (options.Excludes(at.ToString())) return true;
        }

        return false;
    }

    private static AzsResourceDifference Describe(CaptureEntry entry, AzsResourceChange change)
    {
        var id = ResourceId.Parse(entry.Id);
        return new AzsResourceDifference
        {
            ResourceId = entry.Id,
            Type = entry.Type,
            Name = id.FullName,
            ResourceGroupName = id.ResourceGroupName,
            Change = change,
        };
    }

    private AzsException Disjoint() => new(
        AzsErrorKind.InvalidInput,
        "CapturesDisjoint",
        $"'{reference.Location}' was made of {string.Join(", ", reference.Scopes)}, '{difference.Location}' of {string.Join(", ", difference.Scopes)}: they have nothing in common.",
        "Compare captures of the same subscription or resource group.",
        difference.Location);
}
