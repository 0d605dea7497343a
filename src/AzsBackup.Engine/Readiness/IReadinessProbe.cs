namespace AzsBackup.Engine.Readiness;

/// <summary>Finds something out about a stack.</summary>
internal interface IReadinessProbe
{
    /// <summary>What it looks at.</summary>
    string Name { get; }

    /// <summary>Looks. A failure is <see cref="Model.AzsException"/>, and means that nothing could be found out.</summary>
    Task<IReadOnlyList<Finding>> RunAsync(CancellationToken cancellationToken);
}
