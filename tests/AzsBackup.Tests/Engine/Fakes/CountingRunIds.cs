using System.Globalization;
using AzsBackup.Engine.Running;

namespace AzsBackup.Tests.Engine.Fakes;

/// <summary>Run ids that count.</summary>
internal sealed class CountingRunIds : IRunIdSource
{
    private int _last;

    public string Next() => Interlocked.Increment(ref _last).ToString("x8", CultureInfo.InvariantCulture);
}
