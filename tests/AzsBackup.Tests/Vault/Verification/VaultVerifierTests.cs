using AzsBackup.Model;
using AzsBackup.Tests.Vault.Stores;
using AzsBackup.Vault.Verification;
using Xunit;
using static AzsBackup.Tests.Vault.MaintenanceWorkshop;
using static AzsBackup.Tests.Vault.VaultWorkshop;

namespace AzsBackup.Tests.Vault.Verification;

public sealed class VaultVerifierTests : FilledVaultTests
{
    public static TheoryData<string, bool> Cases()
    {
        var cases = new TheoryData<string, bool>();
        foreach (string damage in new[] { "flip", "cut", "empty", "lengthen", "remove", "swap", "duplicate" })
        {
            cases.Add(damage, true);
            cases.Add(damage, false);
        }

        return cases;
    }

    /// <summary>Each object of a vault in full use, damaged in each way: what is reported is right about what and about whom it hurts.</summary>
    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Verify_AnyObjectDamaged_ReportsItAndWhomItHurts(string damage, bool encrypted)
    {
        var (vault, points) = await FillAsync(encrypted);
        string[] names = [.. _workshop.Store.Objects.Keys.Order(StringComparer.Ordinal)];
        foreach (string role in new[] { "vault.json", "chunks/", ".index", ".doc", "point.json", ".mark", ".proof", "sessions/", "condemned/", "barred/", "clock/", "verified/", "retention/", ".turn", ".note", ".done" })
            Assert.Contains(names, name => name.Contains(role, StringComparison.Ordinal));
        foreach (string name in names)
        {
            var whole = _workshop.Store.Objects[name];
            string other = names.FirstOrDefault(candidate => candidate != name && candidate.Split('/')[0] == name.Split('/')[0]) ?? names.First(candidate => candidate != name);
            byte[]? bytes = damage switch
            {
                "flip" => [.. whole.Content.Select((value, i) => (byte)(i == whole.Content.Length / 2 ? value ^ 4 : value))],
                "cut" => whole.Content[..^1],
                "empty" => [],
                "lengthen" => [.. whole.Content, 0],
                "remove" => null,
                _ => _workshop.Store.Objects[other].Content,
            };
            if (bytes is not null && bytes.AsSpan().SequenceEqual(whole.Content))
                continue;
            if (bytes is null)
                _workshop.Store.Objects.TryRemove(name, out _);
            else
                _workshop.Store.Objects[name] = (bytes, whole.CreatedAt);
            var before = _workshop.Store.Objects.Keys.ToHashSet();
            var (result, found) = await VerifyAsync(vault);

            // What hurts is what can't be restored; nothing else counts.
            var hurt = new List<string>();
            foreach (var (id, stream) in points)
            {
                try
                {
                    Assert.Equal(stream, await RestoreAsync(vault, id));
                }
                catch (AzsException exception) when (exception.Kind is AzsErrorKind.DataDamaged or AzsErrorKind.NotFound)
                {
                    hurt.Add(id);
                }
            }

            // Of a key slot only the form can be checked without its secret: a changed salt looks like any other.
            if (damage == "flip" && name.StartsWith("keys/", StringComparison.Ordinal))
                Assert.All(found, reported => Assert.Equal(name, reported.ObjectName));
            else if (damage == "remove" && MayBeMissing(name))
            {
                Assert.Empty(found);
            }
            else
            {
                var reported = Assert.Single(found);
                Assert.Equal(name, reported.ObjectName);
                Assert.Equal(damage == "remove" ? VaultDamageKind.Missing : VaultDamageKind.Damaged, reported.Kind);
                Assert.Equal(hurt.Order(), reported.PointIds.Order());
                Assert.Equal((hurt.Count, 1), (result.PointsHurt, result.Damaged));
            }

            foreach (string written in _workshop.Store.Objects.Keys.Except(before))
                _workshop.Store.Objects.TryRemove(written, out _);
            _workshop.Store.Objects[name] = whole;
        }

        Assert.Empty((await VerifyAsync(vault)).Damages);

        // What nobody can miss: a point's header (then there is no point), a last mark or record, what maintenance comes and goes with.
        bool MayBeMissing(string name) => name.EndsWith("/point.json", StringComparison.Ordinal)
            || name.StartsWith("sessions/", StringComparison.Ordinal) || name.StartsWith("condemned/", StringComparison.Ordinal)
            || name.StartsWith("barred/", StringComparison.Ordinal) || name.StartsWith("clock/", StringComparison.Ordinal)
            || name.StartsWith("verified/", StringComparison.Ordinal) || name.StartsWith("runs/", StringComparison.Ordinal) || name.StartsWith("keys/", StringComparison.Ordinal)
            || name.EndsWith("/1.mark", StringComparison.Ordinal) || name.EndsWith(".proof", StringComparison.Ordinal) || (name.StartsWith("retention/", StringComparison.Ordinal) && name.EndsWith("/1.mark", StringComparison.Ordinal))
            || (name.StartsWith("chunks/", StringComparison.Ordinal) && points.Count > 0 && IsUnreferenced(name));

        bool IsUnreferenced(string name) => _unreferenced.Contains(name);
    }

    /// <summary>An authentic object of the same name from an older state: only what a point pins can be told from it, and that always is.</summary>
    [Theory]
    [InlineData(".index")]
    [InlineData(".doc")]
    public async Task Verify_AnOlderObjectOfTheSameName_IsWrongContentAndNeverRestored(string sort)
    {
        var vault = await _workshop.CreateAsync(encrypted: true);
        string id = (await BackUpAsync(vault, First)).Id;
        string name = _workshop.Store.Objects.Keys.Single(key => key.EndsWith(sort, StringComparison.Ordinal));
        var role = sort == ".doc" ? AzsBackup.Vault.Format.ObjectRole.Document : AzsBackup.Vault.Format.ObjectRole.Index;
        using (var plain = vault.Access.Sealer.Open(role, name, [.. _workshop.Store.Objects[name].Content]))
        using (var again = vault.Access.Sealer.Seal(role, name, plain.Span))
            _workshop.Store.Objects[name] = (again.Memory.ToArray(), _workshop.Now);
        var damage = Assert.Single((await VerifyAsync(vault)).Damages);
        Assert.Equal((name, VaultDamageKind.WrongContent, id), (damage.ObjectName, damage.Kind, Assert.Single(damage.PointIds)));
        Assert.Equal(AzsErrorKind.DataDamaged, (await Assert.ThrowsAsync<AzsException>(() => RestoreAsync(vault, id))).Kind);
    }

    [Theory]
    [InlineData("vault.json")]
    [InlineData("keys/")]
    [InlineData("clock/")]
    [InlineData("retention/")]
    [InlineData("verified/")]
    [InlineData("sessions/")]
    [InlineData(".turn")]
    [InlineData(".note")]
    [InlineData(".done")]
    [InlineData("condemned/")]
    [InlineData(".mark")]
    [InlineData("chunks/")]
    public async Task Verify_ObjectOfAnotherVaultOfTheSameSecret_IsDamage(string sort)
    {
        var (vault, _) = await FillAsync(encrypted: true);
        using var other = new MaintenanceWorkshop();
        await other.CreateAsync(encrypted: true);
        string name = _workshop.Store.Objects.Keys.Where(key => key.Contains(sort, StringComparison.Ordinal)).Order(StringComparer.Ordinal).First();
        string role = sort is "vault.json" or "keys/" ? sort : "vault.json";
        var foreign = other.Store.Objects.First(stored => stored.Key.Contains(role, StringComparison.Ordinal)).Value.Content;
        _workshop.Store.Objects[name] = (foreign, _workshop.Now);
        Assert.Equal(name, Assert.Single((await VerifyAsync(vault)).Damages).ObjectName);
    }

    /// <summary>Names are free for whoever may create: numbers must not be counted up to.</summary>
    [Fact]
    public async Task Verify_MarksWithHugeNumbersPlanted_EndsAndNamesTheFirstMissing()
    {
        var vault = await _workshop.CreateAsync();
        string id = (await BackUpAsync(vault, First)).Id;
        string folder = _workshop.Store.Objects.Keys.Single(key => key.EndsWith("/point.json", StringComparison.Ordinal))[..^"point.json".Length];
        foreach (string planted in new[] { "retention/2147483647.mark", folder + "2147483647.mark", folder + "2000000000.mark", "clock/2147483647" })
            _workshop.Store.Objects[planted] = ([1, 2, 3], _workshop.Now);
        var names = (await VerifyAsync(vault)).Damages.Select(damage => damage.ObjectName).ToHashSet();
        Assert.Contains("retention/0.mark", names);
        Assert.Contains(folder + "0.mark", names);
        Assert.Contains(folder + "2000000000.mark", names);
        Assert.InRange(names.Count, 6, 8);
        Assert.Equal(First, await RestoreAsync(vault, id));
    }

    [Fact]
    public async Task Verify_PagePutBackFromElsewhere_IsWrongContent()
    {
        var vault = await _workshop.CreateAsync();
        string id = (await BackUpAsync(vault, First)).Id;
        string name = _workshop.Store.Objects.Keys.Single(key => key.EndsWith(".index", StringComparison.Ordinal));

        // Authentic, of this name, and not the one that was published with the point: an older version.
        using (var content = vault.Access.Sealer.Seal(AzsBackup.Vault.Format.ObjectRole.Index, name, new byte[40]))
            _workshop.Store.Objects[name] = (content.Memory.ToArray(), _workshop.Now);
        var damage = Assert.Single((await VerifyAsync(vault)).Damages);
        Assert.Equal((VaultDamageKind.WrongContent, id), (damage.Kind, Assert.Single(damage.PointIds)));
    }

    [Fact]
    public async Task Verify_Remembers_AndReadsOnlyWhatIsOld()
    {
        var vault = await _workshop.CreateAsync();
        string first = (await BackUpAsync(vault, First)).Id;
        Assert.Null((await ListAsync(vault)).Single().LastVerified);
        var (all, _) = await VerifyAsync(vault, new VerifyOptions { ChunksPerRecord = 2 });
        Assert.Equal((3, 3, true), (all.Chunks, all.ChunksRead, all.Recorded));
        Assert.Equal(_workshop.Now, (await ListAsync(vault)).Single().LastVerified);
        _workshop.Pass(TimeSpan.FromDays(5));
        string second = (await BackUpAsync(vault, Second)).Id;
        var ten = new VerifyOptions { NotVerifiedFor = TimeSpan.FromDays(10) };
        Assert.Equal((5, 2), (await VerifyAsync(vault, ten)).Result is var result ? (result.Chunks, result.ChunksRead) : default);
        var headers = (await ListAsync(vault)).ToDictionary(point => point.Id, point => point.LastVerified);
        Assert.Equal(_workshop.Now - TimeSpan.FromDays(5), headers[first]);
        Assert.NotNull(headers[second]);
        _workshop.Pass(TimeSpan.FromDays(6));
        Assert.Equal(3, (await VerifyAsync(vault, ten)).Result.ChunksRead);
        Assert.Equal(0, (await VerifyAsync(vault, ten)).Result.ChunksRead);

        // A record from the future, made by a clock that was wrong, counts for nothing.
        _workshop.StoreTime.Pass(TimeSpan.FromDays(365));
        await VerifyAsync(vault);
        _workshop.StoreTime.Pass(TimeSpan.FromDays(-365));
        _workshop.Pass(TimeSpan.FromDays(11));
        Assert.Equal(5, (await VerifyAsync(vault, ten)).Result.ChunksRead);
        Assert.All(await ListAsync(vault), point => Assert.True(point.LastVerified <= _workshop.Now));
    }

    [Fact]
    public async Task Optimize_ManyVerifications_KeepsOnlyRecordsThatSaySomething()
    {
        var vault = await _workshop.CreateAsync();
        await BackUpAsync(vault, First);
        for (int i = 0; i < 5; i++)
        {
            _workshop.Pass(TimeSpan.FromDays(1));
            await VerifyAsync(vault);
        }

        Assert.Equal(8, (await OptimizeAsync(vault)).RecordsDeleted);
        Assert.Equal(2, _workshop.Store.Objects.Keys.Count(name => name.StartsWith("verified/", StringComparison.Ordinal)));
        Assert.Equal(_workshop.Now, (await ListAsync(vault)).Single().LastVerified);
    }

    [Fact]
    public async Task Verify_Sample_ReadsThatPartAndTheSameForTheSameSeed()
    {
        var vault = await _workshop.CreateAsync();
        await using (var session = await vault.BeginSessionAsync("test", Cancel))
        {
            for (int i = 1; i <= 400; i++)
                await session.PutChunkAsync(BitConverter.GetBytes(i), Cancel);
        }

        long count = (await VerifyAsync(vault, new VerifyOptions { SamplePercent = 25, Seed = 7 })).Result.ChunksRead;
        Assert.InRange(count, 60, 140);
        Assert.Equal(count, (await VerifyAsync(vault, new VerifyOptions { SamplePercent = 25, Seed = 7 })).Result.ChunksRead);
        var seeds = new HashSet<long>();
        for (int seed = 0; seed < 8; seed++)
            seeds.Add((await VerifyAsync(vault, new VerifyOptions { SamplePercent = 25, Seed = seed })).Result.ChunksRead);
        Assert.True(seeds.Count > 1);
        Assert.Null((await ListAsync(vault)).FirstOrDefault()?.LastVerified);
    }

    [Fact]
    public async Task Verify_WhereNothingMayBeCreated_VerifiesAndRemembersNothing()
    {
        var vault = await _workshop.CreateAsync();
        await BackUpAsync(vault, First);
        var readOnly = await _workshop.OpenAsync(new ReadOnlyStore(_workshop.Store));
        var before = _workshop.Store.Objects.Keys.ToHashSet();
        var (result, damages) = await VerifyAsync(readOnly);
        Assert.Equal((3, false), (result.ChunksRead, result.Recorded));
        Assert.Empty(damages);
        Assert.Equal(before, _workshop.Store.Objects.Keys.ToHashSet());
    }
}
