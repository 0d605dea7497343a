using AzsBackup.Vault.Format;

namespace AzsBackup.Vault.Removal;

/// <summary>What a log of marks amounts to.</summary>
internal sealed class MarkState
{
    /// <summary>The number of the mark to come.</summary>
    public int Next { get; private set; }

    /// <summary>Whether somebody removes the point now: nothing brings it back.</summary>
    public bool Removing { get; private set; }

    /// <summary>When it may be removed; <see langword="null"/> if nobody asked for that, or it was undone.</summary>
    public DateTime? DueAt { get; private set; }

    /// <summary>Whether a retention policy asked for the removal.</summary>
    public bool ByRetention { get; private set; }

    public bool Pinned { get; private set; }

    /// <summary>Until when nobody may remove it.</summary>
    public DateTime? LockedUntil { get; private set; }

    /// <summary>Of the vault: how old a point must be before it may be removed.</summary>
    public TimeSpan MinimumAge { get; private set; }

    /// <summary>What can't be read of the log, in one sentence. Then nothing is removed: who knows what the missing mark says.</summary>
    public string? Damage { get; private set; }

    /// <summary>Whether the removal may be carried out now.</summary>
    /// <param name="now">The vault's time.</param>
    /// <param name="lockedUntil">The lock that holds, the vault's minimum included.</param>
    public bool IsDue(DateTime now, DateTime? lockedUntil) =>
        DueAt <= now && !Pinned && !(lockedUntil > now) && !Removing && Damage is null;

    /// <summary>The lock that holds for a point, the vault's minimum age included.</summary>
    /// <param name="bornAt">When the point was stored: the later one of the store's and the writer's time.</param>
    /// <param name="minimumAge">The vault's.</param>
    public DateTime? LockFor(DateTime bornAt, TimeSpan minimumAge)
    {
        if (minimumAge == TimeSpan.Zero)
            return LockedUntil;
        var aged = After(bornAt, minimumAge);
        return LockedUntil > aged ? LockedUntil : aged;
    }

    public void Add(int number, DateTime createdAt, MarkDocument mark)
    {
        Next = Following(number);
        switch (mark.Kind)
        {
            case MarkKind.Remove:
                JsonTime.TryRead(mark.MadeAt, out var madeAt);
                DueAt = After(madeAt > createdAt ? madeAt : createdAt, TimeSpan.FromSeconds(mark.Seconds));
                ByRetention = mark.ByRetention;
                break;
            case MarkKind.Keep:
                DueAt = null;
                ByRetention = false;
                break;
            case MarkKind.Pin:
                Pinned = true;
                break;
            case MarkKind.Unpin:
                Pinned = false;
                break;
            case MarkKind.Lock:
                JsonTime.TryRead(mark.Until, out var until);
                LockedUntil = LockedUntil > until ? LockedUntil : until;
                break;
            case MarkKind.Removing:
                Removing = true;
                break;
            default:
                var age = TimeSpan.FromSeconds(mark.Seconds);
                MinimumAge = MinimumAge > age ? MinimumAge : age;
                break;
        }
    }

    public void Skip(int number, string why)
    {
        Next = Following(number);
        Damage ??= why;
    }

    // Nobody gets so far; a planted name may say to have.
    private static int Following(int number) => number < int.MaxValue ? number + 1 : number;

    private static DateTime After(DateTime time, TimeSpan span) => time > DateTime.MaxValue - span ? DateTime.MaxValue : time + span;
}
