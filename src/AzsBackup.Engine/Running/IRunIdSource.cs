namespace AzsBackup.Engine.Running;

/// <summary>Where a run takes the random part of the names it makes; handed in so that a test can repeat a run.</summary>
public interface IRunIdSource
{
    /// <summary>Eight lower-case hexadecimal digits, never the same twice in practice.</summary>
    string Next();
}
