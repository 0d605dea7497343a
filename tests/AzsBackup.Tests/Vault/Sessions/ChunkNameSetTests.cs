using AzsBackup.Vault;
using AzsBackup.Vault.Sessions;
using Xunit;

namespace AzsBackup.Tests.Vault.Sessions;

public sealed class ChunkNameSetTests
{
    [Fact]
    public void Add_ManyNamesOfOneShard_KnowsThemAndNoOthers()
    {
        var random = new TestRandom(1);
        ChunkName[] names = [.. Enumerable.Range(0, 20_000).Select(_ =>
        {
            byte[] bytes = new byte[ChunkName.Length];
            random.Fill(bytes);
            bytes[0] = 0xab;
            return new ChunkName(bytes);
        })];
        var set = new ChunkNameSet();
        foreach (var name in names[..10_000])
        {
            set.Add(name);
            set.Add(name);
        }

        Assert.Equal(10_000, set.Count);
        Assert.All(names[..10_000], name => Assert.True(set.Contains(name)));
        Assert.All(names[10_000..], name => Assert.False(set.Contains(name)));
    }

    [Fact]
    public void Add_NamesThatFallOnTheLastPlace_GoRound()
    {
        // The place comes from bytes 8 to 15: with all of them 0xff, every name falls on the last one.
        ChunkName[] names = [.. Enumerable.Range(1, 40).Select(n =>
        {
            byte[] bytes = [.. Enumerable.Repeat((byte)0xff, ChunkName.Length)];
            bytes[7] = (byte)n;
            return new ChunkName(bytes);
        })];
        var set = new ChunkNameSet();
        foreach (var name in names)
            set.Add(name);
        Assert.Equal(40, set.Count);
        Assert.All(names, name => Assert.True(set.Contains(name)));
    }
}
