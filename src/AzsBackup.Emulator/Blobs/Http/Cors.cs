using System.Globalization;
using AzsBackup.Emulator.Blobs.Store;

namespace AzsBackup.Emulator.Blobs.Http;

/// <summary>Cross-origin access: what browsers ask beforehand, and what they are told with an answer (learn.microsoft.com, "Preflight Blob Request").</summary>
internal static class Cors
{
    /// <summary>Answers a preflight request, which nobody signs.</summary>
    public static void Preflight(BlobRequest request, StorageAccount account)
    {
        if (request.Header("Origin") is not { } origin || request.Header("Access-Control-Request-Method") is not { } method)
            throw BlobErrors.MissingCorsHeader();
        var asked = request.Header("Access-Control-Request-Headers");
        var names = asked?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [];
        // The first rule that fits counts; no other is looked at.
        var rule = account.Properties.Cors.FirstOrDefault(r => r.Covers(origin, method) && names.All(r.Allows)) ?? throw BlobErrors.CorsPreflightFailure();
        request.SetHeader("Access-Control-Allow-Origin", rule.Origins.Contains("*") ? "*" : origin);
        request.SetHeader("Access-Control-Allow-Methods", method);
        request.SetHeader("Access-Control-Allow-Headers", asked);
        request.SetHeader("Access-Control-Max-Age", rule.MaxAgeSeconds.ToString(CultureInfo.InvariantCulture));
        if (!rule.Origins.Contains("*"))
            request.SetHeader("Access-Control-Allow-Credentials", "true");
        request.Answer(StatusCodes.Status200OK);
    }

    /// <summary>Adds the headers of a request that names its origin, when the answer's other headers are known.</summary>
    public static void Announce(BlobRequest request, StorageAccount account)
    {
        if (account.Properties.Cors is not { Count: > 0 } rules)
            return;
        var response = request.Context.Response;
        response.OnStarting(() =>
        {
            if (rules.Any(r => !r.Origins.Contains("*")))
                request.SetHeader("Vary", "Origin");
            if (request.Header("Origin") is not { } origin || rules.FirstOrDefault(r => r.Covers(origin, request.Method)) is not { } rule)
                return Task.CompletedTask;
            var exposed = string.Join(',', response.Headers.Keys.Where(rule.Exposes));
            request.SetHeader("Access-Control-Allow-Origin", rule.Origins.Contains("*") ? "*" : origin);
            request.SetHeader("Access-Control-Expose-Headers", exposed.Length > 0 ? exposed : null);
            if (!rule.Origins.Contains("*"))
                request.SetHeader("Access-Control-Allow-Credentials", "true");
            return Task.CompletedTask;
        });
    }
}
