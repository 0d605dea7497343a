using AzsBackup.Model;

namespace AzsBackup.Engine.Rebuild;

/// <summary>What planning finds: all that stands in the way, and all that will not be as it was.</summary>
internal sealed class PlanNotes
{
    private readonly List<AzsException> _blockers = [];
    private readonly List<string> _differences = [];

    public IReadOnlyList<AzsException> Blockers => _blockers;

    public IReadOnlyList<string> Differences => _differences;

    public void Block(AzsException blocker)
    {
        if (!_blockers.Exists(known => known.ErrorId == blocker.ErrorId && known.Message == blocker.Message)) _blockers.Add(blocker);
    }

    public void Block(AzsErrorKind kind, string errorId, string message, string nextStep, string? target) =>
        Block(new AzsException(kind, errorId, message, nextStep, target));

    public void Differ(string difference)
    {
        if (!_differences.Contains(difference)) _differences.Add(difference);
    }

    /// <summary>
    /// Runs a check. A refusal of what it asks is a blocker if the restore needs it for sure (a type the stack does not offer),
    /// else it is said that this could not be checked: the restore may still be possible.
    /// </summary>
    public async Task CheckAsync(string what, Func<Task> check)
    {
        try
        {
            await check().ConfigureAwait(false);
        }
        catch (AzsException failure) when (failure.Kind == AzsErrorKind.NotSupported)
        {
            Block(failure);
        }
        catch (AzsException failure) when (failure.Kind is AzsErrorKind.PermissionDenied or AzsErrorKind.NotFound)
        {
            Differ($"{what} could not be checked: {failure.Message}");
        }
    }
}
