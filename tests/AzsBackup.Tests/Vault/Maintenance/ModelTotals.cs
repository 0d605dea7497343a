namespace AzsBackup.Tests.Vault.Maintenance;

/// <summary>What happened in all worlds: a model in which nothing happens proves nothing.</summary>
internal sealed class ModelTotals
{
    public int Steps { get; private set; }

    public int Published { get; private set; }

    public int ChunksDeleted { get; private set; }

    public int GivenUp { get; private set; }

    public int Removed { get; private set; }

    public int Ended { get; set; }

    public long Spared { get; set; }

    public int Undone { get; set; }

    public int Refused { get; set; }

    public int TooLate { get; set; }

    public int Thinned { get; set; }

    public int Verified { get; set; }

    public void Add(ModelWorld world)
    {
        Steps += world.Steps;
        Published += world.PointsPublished;
        ChunksDeleted += world.ChunksDeleted;
        GivenUp += world.PointsGivenUp;
        Removed += world.RemovalsDone;
    }

    public override string ToString() =>
        $"{Steps} steps, {Published} points published, {Removed} removed, {Undone} removals undone, {TooLate} too late, {Refused} refused, {Thinned} by retention, {Verified} verifications, {GivenUp} given up, {ChunksDeleted} chunks deleted, {Spared} spared, {Ended} sessions ended";
}
