namespace AzsBackup.Model;

/// <summary>How often a policy runs.</summary>
public enum AzsScheduleFrequency
{
    /// <summary>Every few hours of the day.</summary>
    Hourly,

    /// <summary>Every day.</summary>
    Daily,

    /// <summary>On certain days of the week.</summary>
    Weekly,

    /// <summary>On certain days of the month.</summary>
    Monthly,
}
