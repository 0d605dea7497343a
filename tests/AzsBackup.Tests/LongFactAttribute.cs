using System.Runtime.CompilerServices;
using Xunit;
using Xunit.v3;

namespace AzsBackup.Tests;

/// <summary>
/// A test that takes minutes. <c>dotnet test</c> alone skips it; with <c>AZSBACKUP_LONG=1</c> it runs, as it does in CI:
/// <c>AZSBACKUP_LONG=1 dotnet run --project tests/AzsBackup.Tests -- -trait Category=Long</c>.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class LongFactAttribute : FactAttribute, ITraitAttribute
{
    public LongFactAttribute([CallerFilePath] string? sourceFilePath = null, [CallerLineNumber] int sourceLineNumber = -1)
        : base(sourceFilePath, sourceLineNumber)
    {
        if (Environment.GetEnvironmentVariable("AZSBACKUP_LONG") != "1")
            Skip = "Takes minutes: set AZSBACKUP_LONG=1 to run it.";
    }

    /// <inheritdoc/>
    public IReadOnlyCollection<KeyValuePair<string, string>> GetTraits() => [new("Category", "Long")];
}
