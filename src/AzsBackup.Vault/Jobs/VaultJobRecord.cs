using System.Text.Json;

namespace AzsBackup.Vault.Jobs;

/// <summary>What the vault knows of a run.</summary>
public sealed record VaultJobRecord
{
    /// <summary>What was run, as its writer called it; empty if the record can't be read.</summary>
    public required string Subject { get; init; }

    /// <summary>The run's number among those of its subject, from 0.</summary>
    public required int Number { get; init; }

    /// <summary>When it began (UTC), by its writer's clock.</summary>
    public DateTime BegunAt { get; init; }

    /// <summary>When its beginning was stored (UTC), by the store's clock.</summary>
    public DateTime StoredAt { get; init; }

    /// <summary>What its writer said when it began; undefined if the record can't be read.</summary>
    public JsonElement Details { get; init; }

    /// <summary>When it ended (UTC), by its writer's clock; <see langword="null"/> if nothing says that it did.</summary>
    public DateTime? EndedAt { get; init; }

    /// <summary>What its writer said when it ended; <see langword="null"/> if nothing says that it did.</summary>
    public JsonElement? Result { get; init; }

    /// <summary>Whether it is under way: it has not ended, and its session was heard of lately.</summary>
    public bool IsRunning { get; init; }

    /// <summary>Whether its process died, or could not say that it ended.</summary>
    public bool Died => !IsRunning && Result is null && Damage is null;

    /// <summary>What can't be read of it, in one sentence; <see langword="null"/> if all is well.</summary>
    public string? Damage { get; init; }
}
