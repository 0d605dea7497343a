using AzsBackup.Vault;
using AzsBackup.Vault.Format;
using AzsBackup.Vault.Keys;
using AzsBackup.Vault.Removal;
using AzsBackup.Vault.Stores;

namespace AzsBackup.Tests.Vault.Maintenance;

/// <summary>
/// One store and all who use it, one store operation after the other in an order drawn by lot: the same seed gives the same run.
/// The store keeps the promises of <see cref="IObjectStore"/> and not a bit more. After each operation every published point
/// must have every chunk it refers to.
/// </summary>
internal sealed class ModelWorld(int seed) : IDisposable
{
    private readonly Dictionary<string, List<string>> _needs = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _needed = new(StringComparer.Ordinal);
    private readonly ObjectSealer _sealer = new(VaultKeys.None(), RandomSource.System);
    private readonly List<(ModelStore Actor, TaskCompletionSource Turn)> _waiting = [];

    public Random Random { get; } = new(seed);

    public SortedDictionary<string, (byte[] Content, DateTime CreatedAt)> Objects { get; } = new(StringComparer.Ordinal);

    /// <summary>The store's clock.</summary>
    public DateTime Now { get; private set; } = new(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    public int Steps { get; private set; }

    public int ChunksDeleted { get; private set; }

    public int PointsPublished { get; private set; }

    public int PointsGivenUp { get; private set; }

    /// <summary>Whether actors may die, sleep, and the clock may jump.</summary>
    public bool Hostile { get; set; } = true;

    public bool Idle => _waiting.Count == 0;

    /// <summary>The names of the point.json of all published points.</summary>
    public IEnumerable<string> Published => _needs.Keys;

    public void Dispose() => _sealer.Dispose();

    public bool Chance(int oneIn) => Random.Next(oneIn) == 0;

    /// <summary>Waits until it is this actor's turn.</summary>
    public Task TurnAsync(ModelStore actor)
    {
        var turn = new TaskCompletionSource();
        _waiting.Add((actor, turn));
        return turn.Task;
    }

    /// <summary>Lets one actor do one operation.</summary>
    public void Step()
    {
        int index = Random.Next(_waiting.Count);
        var (actor, turn) = _waiting[index];
        Steps++;
        Now += TimeSpan.FromSeconds(Random.Next(600));
        if (Hostile && Chance(1500))
            Now += TimeSpan.FromDays(Now.Year > 2030 ? -365 : Now.Year < 2020 ? 365 : Chance(2) ? 365 : -365);
        if (Now > Highest)
            Highest = Now;
        if (Hostile && actor.SleepsUntil > Steps)
            return;
        if (Hostile && Chance(400))
            actor.SleepsUntil = Steps + Random.Next(1500);
        _waiting.RemoveAt(index);
        if (Hostile && Chance(250))
        {
            if (Chance(2))
            {
                // The operation takes effect, and nobody learns of it.
                turn.SetResult();
                _waiting.RemoveAll(waiting => waiting.Actor == actor);
            }

            actor.Die();
            _waiting.RemoveAll(waiting => waiting.Actor == actor);
            return;
        }

        turn.SetResult();
    }

    /// <summary>Whether points go only after a mark says so; copying may take a point back that it has just published.</summary>
    public bool RemovalsAreSaid { get; init; }

    /// <summary>The latest time that the store's clock ever showed.</summary>
    public DateTime Highest { get; private set; }

    public int RemovalsDone { get; private set; }

    /// <summary>What the marks of this point amount to.</summary>
    public MarkState Marks(string folder, int before = int.MaxValue)
    {
        var state = new MarkState();
        for (int number = 0; number < before && Objects.TryGetValue(MaintenanceNames.Mark(folder, number), out var stored); number++)
        {
            using var plain = _sealer.Open(ObjectRole.Mark, MaintenanceNames.Mark(folder, number), [.. stored.Content]);
            state.Add(number, stored.CreatedAt, MarkDocument.Read(plain.Span)!);
        }

        return state;
    }

    public void Put(string name, byte[] content, DateTime createdAt)
    {
        Objects.Add(name, (content, createdAt));
        CheckRemoval(name, content);
        if (!ObjectNames.TryParsePoint(name, out string folder, out string id))
            return;
        using var plain = _sealer.Open(ObjectRole.Point, name, [.. content]);
        if (plain.Memory.IsEmpty)
        {
            PointsGivenUp++;
            return;
        }

        PointsPublished++;
        var needs = new List<string>();
        var point = PointDocument.Read(plain.Span, name, id);
        for (int stream = 0; stream < point.Streams.Count; stream++)
        {
            foreach (var entry in point.Streams[stream].Pages)
            {
                string pageName = ObjectNames.IndexPage(folder, stream, entry.Page);
                needs.Add(pageName);
                Check(Objects.ContainsKey(pageName), $"{name} is published without {pageName}");
                using var page = _sealer.Open(ObjectRole.Index, pageName, [.. Objects[pageName].Content]);
                var index = IndexPage.Read(page.Span, entry.Page, VaultWorkshop.ChunkSize)!;
                needs.AddRange(Enumerable.Range(0, index.Count).Select(index.ChunkAt).Select(chunk => ObjectNames.Chunk(chunk.Name, chunk.Generation)));
            }
        }

        foreach (string need in needs)
        {
            Check(Objects.ContainsKey(need), $"{name} is published without {need}");
            _needed[need] = _needed.GetValueOrDefault(need) + 1;
        }

        _needs.Add(name, needs);
    }

    public void Remove(string name)
    {
        if (_needs.ContainsKey(name))
        {
            Check(!RemovalsAreSaid || Marks(name[..(name.LastIndexOf('/') + 1)]).Removing, $"{name} is removed and nobody said so");
            RemovalsDone++;
        }

        Check(_needed.GetValueOrDefault(name) == 0, $"{name} is deleted although a published point needs it");
        if (!Objects.Remove(name))
            return;
        if (name.StartsWith(ObjectNames.Chunks, StringComparison.Ordinal))
            ChunksDeleted++;
        if (!_needs.Remove(name, out var needs))
            return;
        foreach (string need in needs)
            _needed[need]--;
    }

    /// <summary>Nobody may say that a point is removed while its log says that it stays.</summary>
    private void CheckRemoval(string name, byte[] content)
    {
        if (!ObjectNames.TryParsePart(name, out string folder, out string part) || !MaintenanceNames.TryParseMark(part, out int number))
            return;
        using var plain = _sealer.Open(ObjectRole.Mark, name, [.. content]);
        if (MarkDocument.Read(plain.Span)!.Kind != MarkKind.Removing)
            return;

        // Two removers may decide at once, and one of them be done with all, marks included, before the other says it: then its mark
        // is about a point that is gone, and it deletes it again.
        if (!Objects.ContainsKey(ObjectNames.Point(folder)))
            return;
        var before = Marks(folder, number);
        Check(before.Next == number, $"{name} leaves a gap");
        Check(before is { Pinned: false, Removing: false } && before.DueAt <= Highest && !(before.LockedUntil > Highest), $"{name} removes a point that stays");
    }

    public void Check(bool holds, string failure)
    {
        if (!holds)
            throw new ModelBrokenException($"{failure} (seed {seed}, step {Steps})");
    }
}
