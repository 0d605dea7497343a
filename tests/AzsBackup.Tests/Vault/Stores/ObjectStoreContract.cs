using System.Text;
using AzsBackup.Model;
using AzsBackup.Vault.Stores;
using Xunit;

namespace AzsBackup.Tests.Vault.Stores;

/// <summary>What every store must do, in the order of the promises at <see cref="IObjectStore"/>.</summary>
public abstract class ObjectStoreContract
{
    protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>The store under test, empty.</summary>
    protected abstract IObjectStore Store { get; }

    /// <summary>Another instance over the same objects, as another process would have it; the same one if that makes no difference.</summary>
    protected abstract IObjectStore OpenAnother();

    [Theory]
    [InlineData("")]
    [InlineData("/a")]
    [InlineData("a/")]
    [InlineData("a//b")]
    [InlineData("../a")]
    [InlineData("a/./b")]
    [InlineData("A")]
    [InlineData("a b")]
    [InlineData("a\\b")]
    [InlineData("nul")]
    [InlineData("x/com1.json")]
    [InlineData("a.")]
    [InlineData("a.tmp")]
    [InlineData("ä")]
    public async Task AnyOperation_BadName_IsRefused(string name)
    {
        await Assert.ThrowsAsync<ArgumentException>(() => Store.TryCreateAsync(name, Bytes("x"), Cancel));
        await Assert.ThrowsAsync<ArgumentException>(() => Store.FindAsync(name, 10, Cancel));
        await Assert.ThrowsAsync<ArgumentException>(() => Store.DeleteAsync(name, Cancel));
        Assert.Empty(await NamesAsync(""));
    }

    [Fact]
    public async Task TryCreate_NewName_IsFoundAndListedBeforeAndAfterFlush()
    {
        Assert.True(await Store.TryCreateAsync("chunks/ab/x.1", Bytes("content"), Cancel));
        Assert.Equal("content", await TextAsync(Store, "chunks/ab/x.1"));
        Assert.Equal(["chunks/ab/x.1"], await NamesAsync("chunks/ab/"));

        await Store.FlushAsync(Cancel);
        Assert.Equal("content", await TextAsync(Store, "chunks/ab/x.1"));
        Assert.Equal(["chunks/ab/x.1"], await NamesAsync(""));
        Assert.Equal("content", await TextAsync(OpenAnother(), "chunks/ab/x.1"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task TryCreate_ExistingName_IsFalseAndKeepsTheContent(bool flushed)
    {
        await Store.TryCreateAsync("a", Bytes("first, and longer"), Cancel);
        if (flushed)
            await Store.FlushAsync(Cancel);
        Assert.False(await Store.TryCreateAsync("a", Bytes("second"), Cancel));
        await Store.FlushAsync(Cancel);
        Assert.Equal("first, and longer", await TextAsync(OpenAnother(), "a"));
    }

    [Fact]
    public async Task TryCreate_SameNameManyTimesAtOnce_OneIsToldSo()
    {
        string[] texts = [.. Enumerable.Range(0, 32).Select(n => new string((char)('a' + n % 26), 1000 + n))];
        bool[] created = await Task.WhenAll(texts.Select(text => Task.Run(() => Store.TryCreateAsync("same", Bytes(text), Cancel), Cancel)));
        Assert.Single(created, true);
        Assert.Equal(texts[Array.IndexOf(created, true)], await TextAsync(Store, "same"));
    }

    [Fact]
    public async Task TryCreate_SameNameInTwoInstances_OneContentWinsWhole()
    {
        var other = OpenAnother();
        await Store.TryCreateAsync("same", Bytes("ours"), Cancel);
        await other.TryCreateAsync("same", Bytes("theirs!"), Cancel);
        await Store.FlushAsync(Cancel);
        string? kept = await TextAsync(OpenAnother(), "same");
        await other.FlushAsync(Cancel);
        Assert.Contains(kept, new[] { "ours", "theirs!" });
        Assert.Equal(kept, await TextAsync(OpenAnother(), "same"));
        Assert.Equal(["same"], await NamesAsync(""));
    }

    [Fact]
    public async Task TryCreate_EmptyAndLargeContent_ComesBack()
    {
        byte[] large = new byte[5 << 20];
        new Random(1).NextBytes(large);
        await Store.TryCreateAsync("empty", default, Cancel);
        await Store.TryCreateAsync("large", large, Cancel);
        await Store.FlushAsync(Cancel);
        using var empty = await Store.FindAsync("empty", 0, Cancel);
        using var back = await Store.FindAsync("large", large.Length, Cancel);
        Assert.Equal(0, empty?.Memory.Length);
        Assert.True(back?.Span.SequenceEqual(large));
    }

    [Fact]
    public async Task TryCreate_Cancelled_LeavesNothingOrTheWhole()
    {
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => Store.TryCreateAsync("a", Bytes("content"), new CancellationToken(canceled: true)));
        await Store.FlushAsync(Cancel);
        Assert.Contains(await TextAsync(Store, "a"), new[] { null, "content" });
    }

    [Fact]
    public async Task TryCreate_ThousandAtOnce_AllAreThere()
    {
        string[] names = [.. Enumerable.Range(0, 1000).Select(n => $"chunks/{n % 16:x2}/{n}")];
        bool[] created = await Task.WhenAll(names.Select(name => Task.Run(() => Store.TryCreateAsync(name, Bytes(name), Cancel), Cancel)));
        Assert.DoesNotContain(false, created);
        Assert.Equal(names.Order(StringComparer.Ordinal), (await NamesAsync("chunks/")).Order(StringComparer.Ordinal));
        await Store.FlushAsync(Cancel);
        var another = OpenAnother();
        foreach (string name in names)
            Assert.Equal(name, await TextAsync(another, name));
    }

    [Fact]
    public async Task Find_NoSuchObject_IsNull()
    {
        Assert.Null(await Store.FindAsync("nothing", 10, Cancel));
        Assert.Null(await Store.FindAsync("no/such/folder", 10, Cancel));
    }

    [Fact]
    public async Task Find_LongerThanAsked_IsDamage()
    {
        await Store.TryCreateAsync("a", Bytes("12345"), Cancel);
        var failure = await Assert.ThrowsAsync<AzsException>(() => Store.FindAsync("a", 4, Cancel));
        Assert.Equal((AzsErrorKind.DataDamaged, "ObjectTooLong"), (failure.Kind, failure.ErrorId));
    }

    [Fact]
    public async Task List_Prefix_GivesThoseThatBeginWithIt()
    {
        foreach (string name in new[] { "points/a/1", "points/a/2", "points/ab/1", "pointsx", "keys/k.json" })
            await Store.TryCreateAsync(name, Bytes(name), Cancel);
        await Store.FlushAsync(Cancel);
        Assert.Equal(["points/a/1", "points/a/2", "points/ab/1"], (await NamesAsync("points/")).Order(StringComparer.Ordinal));
        Assert.Equal(["points/a/1", "points/a/2", "points/ab/1"], (await NamesAsync("points/a")).Order(StringComparer.Ordinal));
        Assert.Equal(["points/a/1", "points/a/2"], (await NamesAsync("points/a/")).Order(StringComparer.Ordinal));
        Assert.Empty(await NamesAsync("nothing/"));
        Assert.Equal(5, (await NamesAsync("")).Count);
    }

    [Fact]
    public async Task List_CreatedObjects_HaveLengthAndOneClock()
    {
        await Store.TryCreateAsync("first", Bytes("12345"), Cancel);
        await Store.FlushAsync(Cancel);
        var before = await SingleAsync("first");
        await Store.TryCreateAsync("second", Bytes("1"), Cancel);
        var pending = await SingleAsync("second");
        await Store.FlushAsync(Cancel);
        Assert.Equal(5, before.Length);
        Assert.Equal(DateTimeKind.Utc, before.CreatedAt.Kind);
        Assert.True(before.CreatedAt <= pending.CreatedAt);
        Assert.Equal(pending, await SingleAsync("second"));
        Assert.Equal(before, await SingleAsync("first"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Delete_Object_IsGoneAndCanBeCreatedAnew(bool flushed)
    {
        await Store.TryCreateAsync("sessions/a", Bytes("first"), Cancel);
        if (flushed)
            await Store.FlushAsync(Cancel);
        await Store.DeleteAsync("sessions/a", Cancel);
        Assert.Null(await TextAsync(Store, "sessions/a"));
        Assert.Empty(await NamesAsync(""));
        Assert.True(await Store.TryCreateAsync("sessions/a", Bytes("second"), Cancel));
        await Store.FlushAsync(Cancel);
        Assert.Equal("second", await TextAsync(OpenAnother(), "sessions/a"));
    }

    [Fact]
    public async Task Delete_NoSuchObject_Succeeds()
    {
        await Store.DeleteAsync("nothing", Cancel);
        await Store.DeleteAsync("no/such/folder", Cancel);
        Assert.Empty(await NamesAsync(""));
    }

    protected static ReadOnlyMemory<byte> Bytes(string text) => Encoding.UTF8.GetBytes(text);

    protected static async Task<string?> TextAsync(IObjectStore store, string name)
    {
        using var content = await store.FindAsync(name, 1 << 20, Cancel);
        return content is null ? null : Encoding.UTF8.GetString(content.Span);
    }

    protected async Task<List<string>> NamesAsync(string prefix)
    {
        var names = new List<string>();
        await foreach (var stored in Store.ListAsync(prefix, Cancel))
            names.Add(stored.Name);
        return names;
    }

    private async Task<StoredObject> SingleAsync(string name)
    {
        var found = new List<StoredObject>();
        await foreach (var stored in Store.ListAsync(name, Cancel))
            found.Add(stored);
        return Assert.Single(found);
    }
}
