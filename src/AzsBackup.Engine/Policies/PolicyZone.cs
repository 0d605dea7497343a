using AzsBackup.Model;

namespace AzsBackup.Engine.Policies;

/// <summary>Time zones by the names people give: IANA and Windows ids, on every operating system.</summary>
public static class PolicyZone
{
    /// <summary>Finds a zone.</summary>
    /// <param name="id">Its IANA or Windows id.</param>
    /// <exception cref="AzsException"><c>TimeZoneUnknown</c>.</exception>
    public static TimeZoneInfo Find(string id)
    {
        if (string.IsNullOrWhiteSpace(id)) throw PolicyErrors.ZoneUnknown(id);
        try
        {
            // Takes both kinds of ids since .NET 6, on every system that has ICU.
            return TimeZoneInfo.FindSystemTimeZoneById(id);
        }
        catch (Exception failure) when (failure is TimeZoneNotFoundException or InvalidTimeZoneException or System.Security.SecurityException)
        {
            throw PolicyErrors.ZoneUnknown(id, failure);
        }
    }
}
