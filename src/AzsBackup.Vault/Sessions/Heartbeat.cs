using System.Text.Json;
using AzsBackup.Model;
using AzsBackup.Vault.Format;

namespace AzsBackup.Vault.Sessions;

/// <summary>Shows that a session lives: an object of its own for each beat, because objects are never changed (FORMAT.md §9).</summary>
internal sealed class Heartbeat(VaultAccess access, string sessionId) : IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(10);

    private readonly PeriodicTimer _timer = new(Interval, access.Runtime.Time);
    private Task _beating = Task.CompletedTask;

    /// <summary>The number of the last beat, stored or not.</summary>
    public int Beats { get; private set; }

    public void Start() => _beating = BeatAllAsync();

    /// <summary>Ends the beating; waits for a beat that is under way.</summary>
    public async ValueTask DisposeAsync()
    {
        _timer.Dispose();
        await _beating.ConfigureAwait(false);
    }

    /// <summary>Beats once. A beat that fails is not worth the backup: the next one comes soon.</summary>
    public async Task BeatAsync()
    {
        string name = ObjectNames.Beat(sessionId, ++Beats);
        byte[] content = JsonSerializer.SerializeToUtf8Bytes(new { sessionVersion = 1, beat = Beats });
        using var sealedBeat = access.Sealer.Seal(ObjectRole.Session, name, content);
        try
        {
            await access.Store.TryCreateAsync(name, sealedBeat.Memory, CancellationToken.None).ConfigureAwait(false);
            await access.Store.FlushAsync(CancellationToken.None).ConfigureAwait(false);
        }
        catch (AzsException)
        {
            // If the store stays out of reach, putting and publishing fail and say why. If it does not, beats were lost: at
            // worst the session is taken for dead, which publishing finds out.
        }
    }

    private async Task BeatAllAsync()
    {
        while (await _timer.WaitForNextTickAsync(CancellationToken.None).ConfigureAwait(false))
            await BeatAsync().ConfigureAwait(false);
    }
}
