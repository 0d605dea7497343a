using AzsBackup.Emulator.Arm;
using AzsBackup.Emulator.Blobs;
using AzsBackup.Emulator.Deployments.Bicep;
using AzsBackup.Emulator.Estates;
using AzsBackup.Emulator.Hosting;
using AzsBackup.Emulator.Pages;

namespace AzsBackup.Tests.Emulator.Estates;

/// <summary>A stack without its server: what an estate is loaded into.</summary>
internal sealed class BareStack : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("bare-stack-").FullName;
    private readonly PageStore _pages;
    private readonly BicepCli _bicep = new(null);
    private readonly EstateLoader _loader;

    public BareStack()
    {
        EmulatedStackOptions options = new() { SubscriptionId = Guid.Parse("11111111-2222-4333-8444-555555555555"), MaxDiskSizeGiB = 4095 };
        IdSource ids = new(7);
        _pages = new PageStore(Path.Combine(_directory, "pages"));
        BlobService blobs = new(_pages, Path.Combine(_directory, "blobs"), new BlobServiceOptions(), TimeProvider.System);
        State = new StackState(options, TimeProvider.System, ids, _pages, blobs) { AudienceId = "a" };
        RoomRegistry rooms = new(State);
        _loader = new EstateLoader(State, new ArmEngine(State, rooms, _bicep), rooms.Disks);
    }

    public StackState State { get; }

    /// <exception cref="EstateException">The estate cannot be loaded.</exception>
    public void Load(string estate, CancellationToken cancellationToken) => _loader.Load(estate, new Dictionary<string, string>(), cancellationToken);

    public void Dispose()
    {
        _pages.Dispose();
        _bicep.Dispose();
        Directory.Delete(_directory, recursive: true);
    }
}
