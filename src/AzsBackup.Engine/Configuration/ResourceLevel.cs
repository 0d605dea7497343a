namespace AzsBackup.Engine.Configuration;

/// <summary>Where the resources of a type lie.</summary>
public enum ResourceLevel
{
    /// <summary>In a resource group.</summary>
    Group,

    /// <summary>In the subscription itself.</summary>
    Subscription,

    /// <summary>Below another resource of the same provider.</summary>
    Child,

    /// <summary>On a subscription, a group or any resource; a list at a scope gives those below, too.</summary>
    Extension,

    /// <summary>On a resource that has them; listed there only.</summary>
    Resource,
}
