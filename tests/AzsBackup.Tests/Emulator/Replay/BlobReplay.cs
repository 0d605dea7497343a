using System.Security.Cryptography;
using AzsBackup.Emulator.Blobs;
using AzsBackup.Tests.Emulator.Blobs;

namespace AzsBackup.Tests.Emulator.Replay;

/// <summary>Plays one recording against a blob service of its own, at the recorded times.</summary>
internal sealed class BlobReplay : IAsyncDisposable
{
    private readonly BlobServiceHost _host;
    private readonly ReplayClock _clock;
    private readonly RecordedKey _key;
    private readonly ServerValues _values = new();

    private BlobReplay(BlobServiceHost host, ReplayClock clock, RecordedKey key) => (_host, _clock, _key) = (host, clock, key);

    /// <summary>The first thing that differs, with the request it differs in; null if every answer agrees.</summary>
    public static async Task<string?> PlayAsync(Recording recording, ReplayRules rules, CancellationToken cancellationToken)
    {
        var account = recording.Interactions[0].Uri.Host.Split('.')[0];
        var clock = new ReplayClock(recording.Interactions[0].Date);
        var key = RandomNumberGenerator.GetBytes(64);
        var host = await BlobServiceHost.StartAsync(new BlobServiceOptions(), clock);
        host.Service.AddAccount(account, [key]);
        await using var replay = new BlobReplay(host, clock, new RecordedKey(account, key));
        foreach (var request in UnrecordedSetup.For(recording))
        {
            var made = await replay.SendAsync(request, cancellationToken);
            if (made.Status != 201)
                return $"setup {request.Method} {request.Uri.OriginalString}: {made.Status}";
        }

        var comparison = new AnswerComparison(rules, replay._values);
        foreach (var interaction in recording.Interactions)
        {
            clock.Now = interaction.Date;
            var answer = await replay.SendAsync(interaction, cancellationToken);
            var differences = comparison.Compare(interaction, answer);
            if (differences.Count > 0)
                return $"{interaction.Method} {interaction.Uri.PathAndQuery}: {string.Join("; ", differences)}";
        }

        return null;
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    private async Task<Answer> SendAsync(RecordedInteraction recorded, CancellationToken cancellationToken)
    {
        var target = _values.Translate(recorded.Uri.PathAndQuery);
        var uri = new Uri(_host.Root.GetLeftPart(UriPartial.Authority) + target, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, value) in recorded.RequestHeaders)
        {
            if (name is not ("Connection" or "Content-Length"))
                headers[name] = name == "x-ms-copy-source" ? _key.Source(value) : _values.Translate(value);
        }

        using var message = new HttpRequestMessage(new HttpMethod(recorded.Method), uri);
        message.Headers.Host = recorded.Uri.Host;
        if (recorded.Method is "PUT" or "POST")
            message.Content = new ByteArrayContent(recorded.RequestBody);
        // A request without a date was sent by somebody without the key.
        if (headers.ContainsKey("x-ms-date"))
            message.Headers.TryAddWithoutValidation("Authorization", _key.Authorization(recorded.Method, uri, headers, recorded.RequestBody.Length));
        foreach (var (name, value) in headers)
        {
            if (!message.Headers.TryAddWithoutValidation(name, value))
                message.Content!.Headers.TryAddWithoutValidation(name, value);
        }

        using var answer = await _host.Http.SendAsync(message, cancellationToken);
        var answerHeaders = answer.Headers.Concat(answer.Content.Headers)
            .ToDictionary(h => h.Key, h => string.Join(h.Key == "Server" ? " " : ", ", h.Value), StringComparer.OrdinalIgnoreCase);
        return new Answer((int)answer.StatusCode, answerHeaders, await answer.Content.ReadAsByteArrayAsync(cancellationToken));
    }
}
