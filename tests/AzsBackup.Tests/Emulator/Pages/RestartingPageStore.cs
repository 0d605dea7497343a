using AzsBackup.Emulator.Pages;
using AzsBackup.Emulator.Persistence;

namespace AzsBackup.Tests.Emulator.Pages;

/// <summary>A page store with a database. A restart goes on with a copy of what lies on the disk at that moment, which is what a kill leaves behind.</summary>
internal sealed class RestartingPageStore : IDisposable
{
    private readonly string _root = System.IO.Directory.CreateTempSubdirectory("azsbackup-restarts-").FullName;
    private StateDatabase _database;
    private int _restarts;

    public RestartingPageStore()
    {
        System.IO.Directory.CreateDirectory(Directory);
        _database = StateDatabase.Open(Directory);
        Store = new PageStore(Path.Combine(Directory, "pages"), _database);
    }

    public PageStore Store { get; private set; }

    public string Directory => Path.Combine(_root, _restarts.ToString(System.Globalization.CultureInfo.InvariantCulture));

    /// <summary>Volumes, layers and runs that are kept.</summary>
    public (int Volumes, int Layers, int Runs) Rows => (_database.Volumes().Count, _database.Layers().Count, _database.Runs().Count);

    /// <summary>Restarts, and gives the models their volumes again.</summary>
    public void Restart(IReadOnlyList<VolumeModel> models)
    {
        string before = Directory;
        _restarts++;
        // Its files are locked while they are open, and closing them changes nothing; the database is copied as it stands.
        Store.Dispose();
        Copy(before, Directory);
        _database.Dispose();
        System.IO.Directory.Delete(before, recursive: true);
        _database = StateDatabase.Open(Directory);
        Store = new PageStore(Path.Combine(Directory, "pages"), _database);
        foreach (VolumeModel model in models)
            model.Volume = Store.Claim(model.Volume.Id);
        Store.RemoveUnclaimed();
    }

    public void Dispose()
    {
        Store.Dispose();
        _database.Dispose();
        System.IO.Directory.Delete(_root, recursive: true);
    }

    private static void Copy(string from, string to)
    {
        System.IO.Directory.CreateDirectory(to);
        foreach (string file in System.IO.Directory.EnumerateFiles(from))
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        foreach (string directory in System.IO.Directory.EnumerateDirectories(from))
            Copy(directory, Path.Combine(to, Path.GetFileName(directory)));
    }
}
