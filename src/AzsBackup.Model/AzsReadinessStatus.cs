namespace AzsBackup.Model;

/// <summary>How ready a stack is, by one probe.</summary>
public enum AzsReadinessStatus
{
    /// <summary>What is needed is there.</summary>
    Ready,

    /// <summary>It works, but slower, less far, or not for long.</summary>
    Limited,

    /// <summary>Something that is needed is not there.</summary>
    Missing,

    /// <summary>The probe could not find out.</summary>
    Unknown,
}
