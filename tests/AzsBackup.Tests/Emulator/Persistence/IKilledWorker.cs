namespace AzsBackup.Tests.Emulator.Persistence;

/// <summary>Changes things of its own, one at a time, and knows what was acknowledged and what was under way when the stack was killed.</summary>
internal interface IKilledWorker
{
    /// <summary>Makes one change. An exception leaves it as under way.</summary>
    Task StepAsync(StackClient client, CancellationToken cancellationToken);

    /// <summary>Compares what is there with what was acknowledged; what was under way is there or not, never half. Goes on from what it finds.</summary>
    Task VerifyAsync(StackClient client, CancellationToken cancellationToken);
}
