using System.Text.Json;
using AzsBackup.Vault.Format;

namespace AzsBackup.Vault.Jobs;

/// <summary>A run that this process has begun.</summary>
public sealed class VaultJob
{
    private readonly VaultAccess _access;
    private readonly string _folder;
    private readonly JobDocument _begun;

    internal VaultJob(VaultAccess access, string folder, int number, JobDocument begun)
    {
        _access = access;
        _folder = folder;
        _begun = begun;
        Number = number;
    }

    /// <summary>The run's number among those of its subject, from 0.</summary>
    public int Number { get; }

    /// <summary>Says that the run is over: from here on the next one of its subject may begin. Durable when this returns.</summary>
    /// <param name="result">What to say of it: a JSON object.</param>
    /// <param name="cancellationToken">Stops the saying; then it was said or not.</param>
    /// <exception cref="Model.AzsException">A failure of the store, or it was said before.</exception>
    public async Task EndAsync(JsonElement result, CancellationToken cancellationToken)
    {
        string name = RecordNames.Ended(_folder, Number);
        var ended = _begun with { At = JsonTime.Write(_access.Runtime.Time.GetUtcNow().UtcDateTime), Details = result };
        using var content = _access.Sealer.Seal(ObjectRole.Job, name, ended.Write());
        await _access.CreateAsync(name, content.Memory, cancellationToken).ConfigureAwait(false);
        await _access.Store.FlushAsync(cancellationToken).ConfigureAwait(false);
    }
}
