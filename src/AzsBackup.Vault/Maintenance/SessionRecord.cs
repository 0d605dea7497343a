namespace AzsBackup.Vault.Maintenance;

/// <summary>What the store holds of one session.</summary>
internal sealed class SessionRecord
{
    /// <summary>When its object was created, by the store's clock; <see langword="null"/> if that is gone.</summary>
    public DateTime? StartedAt { get; set; }

    /// <summary>When it was last heard of, by the store's clock.</summary>
    public DateTime HeardAt { get; set; }

    /// <summary>Whether somebody said that it is over.</summary>
    public bool Ended { get; set; }

    /// <summary>Its heartbeats' objects.</summary>
    public List<string> Beats { get; } = [];

    /// <summary>Whether it may still publish.</summary>
    public bool Lives => StartedAt is not null && !Ended;
}
