namespace AzsBackup.Model;

/// <summary>For which scheduler a schedule is written.</summary>
public enum AzsScheduleFormat
{
    /// <summary>Windows: the XML of a task.</summary>
    TaskScheduler,

    /// <summary>A line for a crontab.</summary>
    Cron,

    /// <summary>A systemd service and its timer.</summary>
    Systemd,

    /// <summary>A Kubernetes CronJob.</summary>
    Kubernetes,
}
