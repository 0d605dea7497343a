using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using AzsBackup.Vault.Proofs;

namespace AzsBackup.Vault;

/// <summary>What a listing says of a published point.</summary>
public sealed record PointHeader
{
    /// <summary>The point's id: 32 hex digits.</summary>
    public required string Id { get; init; }

    /// <summary>
    /// What is wrong with the point's header, in one sentence; then it can't be opened, and everything here but
    /// <see cref="Id"/> is empty. <see langword="null"/> for a point that can be read.
    /// </summary>
    public string? Damage { get; init; }

    /// <summary>Whether <see cref="Damage"/> says something.</summary>
    [MemberNotNullWhen(true, nameof(Damage))]
    public bool IsDamaged => Damage is not null;

    /// <summary>Where the item lives, as it was published.</summary>
    public string Source { get; init; } = "";

    /// <summary>What was backed up, as it was published.</summary>
    public string Item { get; init; } = "";

    /// <summary>The time whose state the point holds (UTC), by the writer's clock.</summary>
    public DateTime CreatedAt { get; init; }

    /// <summary>When the point was published (UTC), by the store's clock.</summary>
    public DateTime StoredAt { get; init; }

    /// <summary>What the publisher gave as details; undefined if <see cref="IsDamaged"/>.</summary>
    public JsonElement Details { get; init; }

    /// <summary>The streams, in the publisher's order.</summary>
    public IReadOnlyList<PointPart> Streams { get; init; } = [];

    /// <summary>The documents.</summary>
    public IReadOnlyList<PointPart> Documents { get; init; } = [];

    /// <summary>When it may be removed (UTC), by the vault's time; <see langword="null"/> if nobody asked for that. Until then it can be restored and kept.</summary>
    public DateTime? RemovalDueAt { get; init; }

    /// <summary>Whether it is pinned: not removed until somebody unpins it.</summary>
    public bool Pinned { get; init; }

    /// <summary>Before when it may not be removed (UTC): its own lock, or the vault's minimum age; <see langword="null"/> if there is none.</summary>
    public DateTime? LockedUntil { get; init; }

    /// <summary>What can't be read of the marks that say so, in one sentence: the point is kept then. <see langword="null"/> if all is well.</summary>
    public string? MarksDamage { get; init; }

    /// <summary>All of it was read back and found right at this time or later (UTC, by the store's clock); <see langword="null"/> if never.</summary>
    public DateTime? LastVerified { get; init; }

    /// <summary>The newest proof of it that passed; <see langword="null"/> if none did. Proofs that can't be read are left out.</summary>
    public PointProof? LastProof { get; init; }
}
