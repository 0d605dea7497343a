namespace AzsBackup.Model;

/// <summary>A replica's state in one word.</summary>
public enum AzsReplicaHealth
{
    /// <summary>Its last cycle ended well.</summary>
    Healthy,

    /// <summary>Usable, but its newest point is older than it should be.</summary>
    Behind,

    /// <summary>It holds no point that can be used.</summary>
    Broken,

    /// <summary>It was failed over: the target runs, and the source must not be copied over it.</summary>
    FailedOver,
}
