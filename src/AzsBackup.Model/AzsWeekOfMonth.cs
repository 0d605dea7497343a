namespace AzsBackup.Model;

/// <summary>Which of a month's Mondays, Tuesdays and so on.</summary>
public enum AzsWeekOfMonth
{
    /// <summary>The first one.</summary>
    First = 1,

    /// <summary>The second one.</summary>
    Second = 2,

    /// <summary>The third one.</summary>
    Third = 3,

    /// <summary>The fourth one.</summary>
    Fourth = 4,

    /// <summary>The last one: the fourth or the fifth.</summary>
    Last = 5,
}
