using System.Text.Json.Nodes;
using AzsBackup.Emulator.Persistence;
using Xunit;

namespace AzsBackup.Tests.Emulator.Persistence;

public sealed class FactTableTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("azsbackup-facts-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void Load_AfterReopening_GivesWhatRoomsMayKeep()
    {
        using (StateDatabase database = StateDatabase.Open(_directory))
        {
            FactTable<Kept> table = new(database, "kept");
            Kept kept = new() { Changed = null, Body = new JsonObject { ["Name"] = 1 } };
            kept.Lists["A"] = [new Part("p", DateTimeOffset.UnixEpoch)];
            table.Set("one", kept);
            table.Set("two", new Kept());
            table.Remove("two");
        }

        using StateDatabase again = StateDatabase.Open(_directory);
        Kept found = Assert.Single(new FactTable<Kept>(again, "kept").Load()).Value;
        Assert.Null(found.Changed);
        Assert.Equal([new Part("p", DateTimeOffset.UnixEpoch)], found.Lists["a"]);
        Assert.Equal(1, found.Body!["name"]!.GetValue<int>());
    }

    [Fact]
    public void Change_Abandoned_LeavesNothingOfIt()
    {
        using (StateDatabase database = StateDatabase.Open(_directory))
        {
            FactTable<Part> table = new(database, "kept");
            database.Begin();
            table.Set("one", new Part("p", DateTimeOffset.UnixEpoch));
        }

        using StateDatabase again = StateDatabase.Open(_directory);
        Assert.Empty(new FactTable<Part>(again, "kept").Load());
    }

    private sealed class Kept
    {
        public string? Changed { get; set; } = "as it begins";

        /// <summary>Has no setter, and its own comparison.</summary>
        public SortedDictionary<string, List<Part>> Lists { get; } = new(StringComparer.OrdinalIgnoreCase);

        public JsonObject? Body { get; set; }
    }

    private sealed record Part(string Name, DateTimeOffset At);
}
