namespace AzsBackup.Engine.Running;

/// <summary>Chance, handed in so that a test can repeat a run. Safe for concurrent use.</summary>
public interface IRandomNumbers
{
    /// <summary>A number from 0 to <paramref name="bound"/> - 1, each as likely as any other.</summary>
    /// <param name="bound">More than 0.</param>
    int Below(int bound);
}
