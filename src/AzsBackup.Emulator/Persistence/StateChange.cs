using AzsBackup.Emulator.Pages;

namespace AzsBackup.Emulator.Persistence;

/// <summary>What one change of the stack does to its state: gathered on one thread, written as a whole when it is disposed, even after an exception, for memory has changed.</summary>
internal sealed class StateChange(StateDatabase database) : IDisposable
{
    private readonly Dictionary<(string Part, string Key), byte[]?> _facts = [];
    private readonly HashSet<PageVolume> _volumes = [];
    private readonly List<long> _removedVolumes = [];
    private readonly List<Action> _afterwards = [];

    /// <summary>Sets a fact, or removes it with <see langword="null"/>.</summary>
    public void Set(string part, string key, byte[]? value) => _facts[(part, key)] = value;

    /// <summary>Says that pages or the length of a volume have changed.</summary>
    public void Add(PageVolume volume) => _volumes.Add(volume);

    public void RemoveVolume(long id) => _removedVolumes.Add(id);

    /// <summary>Runs when the change is written: for what must not be gone before.</summary>
    public void Afterwards(Action action) => _afterwards.Add(action);

    /// <summary>Writes the change.</summary>
    /// <exception cref="IOException">The database cannot be written to.</exception>
    public void Dispose()
    {
        database.End();
        if (_facts.Count > 0 || _volumes.Count > 0 || _removedVolumes.Count > 0)
            database.Transact(Write);
        foreach (Action action in _afterwards)
            action();
    }

    private void Write(StateWriter writer)
    {
        foreach (PageVolume volume in _volumes)
            volume.Save(writer);
        foreach (((string part, string key), byte[]? value) in _facts)
        {
            if (value is null)
                writer.RemoveFact(part, key);
            else
                writer.SetFact(part, key, value);
        }

        _removedVolumes.ForEach(writer.RemoveVolume);
    }
}
