using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using AzsBackup.Emulator.Arm;
using AzsBackup.Emulator.Identity;

namespace AzsBackup.Emulator.KeyVault;

/// <summary>
/// The data plane of key vaults at 2016-10-01, the newest a stamp has: secrets. It is served under each vault's host name. Keys and
/// certificates are not emulated, and it says so.
/// </summary>
internal sealed class VaultService(StackState stack, SignInNames names, TokenCheck tokens)
{
    private static readonly string[] ApiVersions = ["2016-10-01", "2015-06-01"];

    /// <summary>The names of the operations, as the documentation calls them, without spaces.</summary>
    public static IReadOnlyCollection<string> OperationNames { get; } =
        ["GetSecrets", "GetSecretVersions", "GetSecret", "SetSecret", "UpdateSecret", "DeleteSecret"];

    /// <summary>The name of the operation that a request is; null if it is none of them.</summary>
    public static string? OperationOf(HttpRequest request)
    {
        string[] segments = request.Path.Value!.Split('/', StringSplitOptions.RemoveEmptyEntries);
        return (request.Method, segments) switch
        {
            (_, not ["secrets", ..]) => null,
            ("GET", { Length: 1 }) => "GetSecrets",
            ("GET", { Length: 3 }) when ArmPath.Equal(segments[2], "versions") => "GetSecretVersions",
            ("GET", _) => "GetSecret",
            ("PUT", _) => "SetSecret",
            ("PATCH", _) => "UpdateSecret",
            ("DELETE", _) => "DeleteSecret",
            _ => null,
        };
    }

    /// <summary>The vault that a host name means, or <see langword="null"/> if it is no vault's.</summary>
    public string? VaultOf(string host)
    {
        string suffix = ".vault." + stack.Domain;
        return host.EndsWith(suffix, StringComparison.OrdinalIgnoreCase) ? host[..^suffix.Length] : null;
    }

    public async Task<ArmResponse> HandleAsync(HttpRequest request, string vault, CancellationToken cancellationToken)
    {
        try
        {
            string version = request.Query["api-version"].ToString();
            if (!ApiVersions.Contains(version))
                throw new VaultException(400, "BadParameter", version.Length == 0 ? "The parameter api-version is missing." : $"The specified version ({version}) is not recognized. Consider using the latest supported version ({ApiVersions[0]}).");
            if (tokens.For(names.VaultAudience, request.Headers.Authorization.ToString()) is not { } caller)
                return Challenge();
            using StreamReader reader = new(request.Body, Encoding.UTF8);
            string text = await reader.ReadToEndAsync(cancellationToken);
            JsonNode? body = text.Length == 0 ? null : ArmJson.Parse(text);
            using (stack.Take(isRead: HttpMethods.IsGet(request.Method)))
            {
                ArmResource found = stack.Resources.OfType("Microsoft.KeyVault/vaults").FirstOrDefault(candidate => ArmPath.Equal(candidate.Id.Name, vault))
                    ?? throw new VaultException(404, "VaultNotFound", $"A key vault named '{vault}' does not exist.");
                VaultSession session = new(stack, found, $"{request.Scheme}://{request.Host}", caller);
                return Answer(session, request, body);
            }
        }
        catch (VaultException refusal)
        {
            return Refusal(refusal);
        }
        catch (JsonException exception)
        {
            return Refusal(new VaultException(400, "BadParameter", exception.Message));
        }
    }

    private static ArmResponse Answer(VaultSession session, HttpRequest request, JsonNode? body)
    {
        string[] segments = request.Path.Value!.Split('/', StringSplitOptions.RemoveEmptyEntries);
        if (segments is not ["secrets", ..])
            throw segments is ["keys" or "certificates", ..]
                ? new VaultException(501, "NotImplemented", $"The emulated stack has no {segments[0]} in its vaults, only secrets.")
                : new VaultException(404, "NotFound", "There is nothing at this address.");
        string name = segments.Length > 1 ? segments[1] : "";
        string version = segments.Length > 2 ? segments[2] : "";
        return (request.Method, segments.Length) switch
        {
            ("GET", 1) => session.List(request.Query),
            ("GET", 3) when ArmPath.Equal(version, "versions") => session.Versions(name, request.Query),
            ("GET", 2 or 3) => session.Get(name, version),
            ("PUT", 2) => session.Set(name, body),
            ("PATCH", 2 or 3) => session.Update(name, version, body),
            ("DELETE", 2) => session.Delete(name),
            _ => throw new VaultException(405, "MethodNotAllowed", $"The method {request.Method} is not allowed here."),
        };
    }

    public static ArmResponse Refusal(VaultException refusal)
    {
        JsonObject error = new() { ["code"] = refusal.Code, ["message"] = refusal.Message };
        if (refusal.InnerCode is not null)
            error["innererror"] = new JsonObject { ["code"] = refusal.InnerCode };
        return new ArmResponse(refusal.Status, new JsonObject { ["error"] = error });
    }

    /// <summary>Where and for what a client gets a token: vault clients ask without one to learn it.</summary>
    private ArmResponse Challenge()
    {
        ArmResponse response = Refusal(new VaultException(401, "Unauthorized", "Request is missing a Bearer or PoP token, or it is not good for this vault."));
        response.Headers["WWW-Authenticate"] = $"Bearer authorization=\"{names.Authority}\", resource=\"{names.VaultAudience}\"";
        return response;
    }
}
