using System.Management.Automation;

namespace AzsBackup.Module.Tests.Hosting;

/// <summary>What a script gave.</summary>
/// <param name="Output">The objects, unwrapped.</param>
/// <param name="Errors">The error stream; a statement that was ended by an error has put it here too.</param>
/// <param name="Warnings">The warning stream.</param>
/// <param name="Verbose">The verbose stream.</param>
internal sealed record Invocation(
    IReadOnlyList<object?> Output, IReadOnlyList<ErrorRecord> Errors, IReadOnlyList<string> Warnings, IReadOnlyList<string> Verbose)
{
    /// <summary>The objects, after making sure that nothing failed.</summary>
    public IReadOnlyList<object?> Succeeded()
    {
        Assert.Empty(Errors.Select(error => $"{error.FullyQualifiedErrorId}: {error}"));
        return Output;
    }

    /// <summary>The one error, which there must be.</summary>
    public ErrorRecord Failed(string errorId)
    {
        var error = Assert.Single(Errors);
        Assert.Equal(errorId, error.FullyQualifiedErrorId.Split(',')[0]);
        return error;
    }
}
