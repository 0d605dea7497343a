using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using AzsBackup.Emulator.Arm;
using AzsBackup.Emulator.Authorization;
using AzsBackup.Emulator.Faults;
using AzsBackup.Emulator.Identity;
using AzsBackup.Emulator.KeyVault;
using AzsBackup.Emulator.Storage;

namespace AzsBackup.Emulator.Hosting;

/// <summary>Takes every request of the stack's public ports: plays faults, then leads to blobs, vaults, the identity provider or ARM.</summary>
internal sealed class FrontDoor(StackState stack, ArmEngine arm, IdentityService identity, TokenCheck tokens, VaultService vaults, FaultPlan faults, RequestJournal journal)
{
    private readonly FaultWords _words = new(stack);
    private readonly FaultPlayer _player = new(stack, tokens, new FaultWords(stack));
    private readonly Allowance _reads = new(15_000);
    private readonly Allowance _writes = new(1_200);
    private readonly Allowance _deletes = new(15_000);

    public async Task HandleAsync(HttpContext context)
    {
        RecordedRequest entry = journal.Enter(context);
        try
        {
            if (!await PlayAsync(context))
                await RouteAsync(context);
            entry.Status = context.Response.StatusCode;
        }
        catch (Exception exception) when (context.RequestAborted.IsCancellationRequested && exception is IOException or OperationCanceledException)
        {
            // The client, or a fault, has cut the connection: there is nobody to answer.
        }
        catch (Exception exception) when (!context.Response.HasStarted)
        {
            // For one, a state that can't be written: a stamp answers this as what it is, too.
            context.Response.Clear();
            await WriteAsync(context, ArmResponse.Error(stack.Unexpected(exception)));
            entry.Status = context.Response.StatusCode;
        }
    }

    /// <summary>True if the fault has answered.</summary>
    private async Task<bool> PlayAsync(HttpContext context)
    {
        if (faults.IsEmpty)
            return false;
        FaultSubject subject = Subject(context);
        if (faults.Take(subject) is not { } strike)
            return false;
        await _player.PlayAsync(context, subject, strike);
        if (strike.Effect is not { Answer: { } answer, Operation: null })
            return false;
        if (_words.RetryAfter(answer) is { } retryAfter)
        {
            context.Response.OnStarting(() =>
            {
                context.Response.Headers.RetryAfter = retryAfter;
                return Task.CompletedTask;
            });
        }

        if (BlobTarget(context.Request) is { } blob)
            await stack.Blobs.RefuseAsync(context, blob.Account, blob.Path, FaultWords.OfBlob(answer));
        else
            await WriteAsync(context, subject.Target switch
            {
                FaultTarget.Identity => FaultWords.OfIdentity(answer),
                FaultTarget.Vault => VaultService.Refusal(FaultWords.OfVault(answer)),
                _ => ArmResponse.Error(_words.OfArm(answer, subject)),
            });
        return true;
    }

    private FaultSubject Subject(HttpContext context)
    {
        HttpRequest request = context.Request;
        string path = request.Path.Value ?? "/";
        (FaultTarget target, string operation) = BlobTarget(request) is { } blob
            ? (FaultTarget.Blob, stack.Blobs.OperationOf(context, blob.Account, blob.Path) ?? "Unknown")
            : vaults.VaultOf(request.Host.Host) is not null ? (FaultTarget.Vault, VaultService.OperationOf(request) ?? "Unknown")
            : path.StartsWith("/metadata/endpoints", StringComparison.OrdinalIgnoreCase) ? (FaultTarget.Identity, "Metadata")
            : path.Contains("/oauth2/", StringComparison.OrdinalIgnoreCase) ? (FaultTarget.Identity, "Token")
            : path.Contains("/.well-known/", StringComparison.OrdinalIgnoreCase) || path.Contains("/discovery/", StringComparison.OrdinalIgnoreCase) ? (FaultTarget.Identity, "Metadata")
            : (FaultTarget.Arm, ArmAction.Of(request.Method, path));
        return new FaultSubject(target, operation, request.Method, request.Host.Value ?? "", request.Path + request.QueryString);
    }

    private async Task RouteAsync(HttpContext context)
    {
        HttpRequest request = context.Request;
        if (BlobTarget(request) is { } blob)
        {
            try
            {
                await stack.Blobs.HandleAsync(context, blob.Account, blob.Path);
            }
            finally
            {
                // An answer that its client did not take to the end counts as a whole.
                if (HttpMethods.IsGet(request.Method) && context.Response.StatusCode < 300 && !request.Query.ContainsKey("comp"))
                    journal.CountContent(context.Response.ContentLength ?? 0);
            }

            return;
        }

        if (context.Request.IsHttps == false)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        // Endpoints are often written with a slash at their end and paths with one at their start; IIS, before a stamp's ARM, takes them as one.
        while (request.Path.Value!.Contains("//", StringComparison.Ordinal))
            request.Path = request.Path.Value.Replace("//", "/", StringComparison.Ordinal);
        if (vaults.VaultOf(request.Host.Host) is { } vault)
            await WriteAsync(context, await vaults.HandleAsync(request, vault, context.RequestAborted));
        else if (request.Path.Equals("/metadata/endpoints", StringComparison.OrdinalIgnoreCase))
            await WriteAsync(context, identity.Metadata(request.Query["api-version"].ToString()));
        else if (!await identity.HandleAsync(context, answer => WriteAsync(context, answer)))
        {
            (Caller? caller, ArmResponse? refusal) = tokens.ForArm(request.Headers.Authorization.ToString());
            await WriteAsync(context, refusal ?? await ArmAsync(context, caller!));
        }
    }

    /// <summary>The account and the rest of the path, when a request is for the blob service.</summary>
    private (string Account, PathString Path)? BlobTarget(HttpRequest request)
    {
        string host = request.Host.Host;
        string suffix = ".blob." + stack.Domain;
        if (host.EndsWith(suffix, StringComparison.OrdinalIgnoreCase))
            return (host[..^suffix.Length].ToLowerInvariant(), request.Path);
        string path = request.Path.Value ?? "";
        int end = path.IndexOf('/', 1);
        string first = end < 0 ? path.TrimStart('/') : path[1..end];
        bool isAccount = first.StartsWith("md-", StringComparison.Ordinal) || (StorageAccountName.IsValid(first) && stack.Accounts.ContainsKey(first));
        return isAccount ? (first, end < 0 ? "/" : path[end..]) : null;
    }

    private async Task<ArmResponse> ArmAsync(HttpContext context, Caller caller)
    {
        HttpRequest request = context.Request;
        JsonObject? body = null;
        if (request.Method is not ("GET" or "HEAD"))
        {
            using StreamReader reader = new(request.Body, Encoding.UTF8);
            string text = await reader.ReadToEndAsync(context.RequestAborted);
            try
            {
                body = text.Trim().Length == 0 ? null : ArmJson.Parse(LenientJson.Quote(text)) as JsonObject
                    ?? throw new JsonException("The body is not an object.");
            }
            catch (Exception exception) when (exception is JsonException or ArgumentException)
            {
                return ArmResponse.Error(new ArmException(400, "InvalidRequestContent", $"The request content was invalid and could not be deserialized: '{exception.Message}'."));
            }
        }

        Uri baseUri = new($"{request.Scheme}://{request.Host}/");
        ArmRequest asked = new(request.Method, ArmPath.Parse(request.Path.Value!), request.Query, baseUri, body)
        {
            Access = new CallerAccess(caller, stack.Grants),
            Fault = context.Features.Get<OperationFault>(),
        };
        ArmResponse response = await arm.HandleAsync(asked, context.RequestAborted);
        (string kind, int left) = request.Method switch
        {
            "GET" or "HEAD" => ("reads", _reads.Take(stack.Now)),
            "DELETE" => ("deletes", _deletes.Take(stack.Now)),
            _ => ("writes", _writes.Take(stack.Now)),
        };
        // Shown as a stamp shows it, and never enforced: throttling is a fault that is asked for.
        if (!ProviderHabits.IsUncounted(request.Method, request.Path))
            response.Headers["x-ms-ratelimit-remaining-subscription-" + kind] = left.ToString(CultureInfo.InvariantCulture);
        ArmExchange.Publish(baseUri, request, response);
        return response;
    }

    private async Task WriteAsync(HttpContext context, ArmResponse answer)
    {
        HttpResponse response = context.Response;
        response.StatusCode = answer.Status;
        string id = stack.Ids.NewId();
        IHeaderDictionary headers = response.Headers;
        if (headers.CacheControl.Count == 0)
            headers.CacheControl = "no-cache";
        headers.Pragma = "no-cache";
        headers.Expires = "-1";
        headers["x-ms-request-id"] = id;
        headers["x-ms-correlation-request-id"] = context.Request.Headers["x-ms-correlation-request-id"].ToString() is { Length: > 0 } given ? given : id;
        headers["x-ms-routing-request-id"] = $"{stack.Location.ToUpperInvariant()}:{stack.Now.UtcDateTime:yyyyMMdd'T'HHmmss'Z'}:{id}";
        headers.StrictTransportSecurity = "max-age=31536000; includeSubDomains";
        headers.XContentTypeOptions = "nosniff";
        foreach ((string name, string value) in answer.Headers)
            headers[name] = value;
        response.ContentType = answer.ContentType ?? (answer.Body is null ? null : "application/json; charset=utf-8");
        if (answer.Body is null || HttpMethods.IsHead(context.Request.Method))
            return;
        byte[] bytes = Encoding.UTF8.GetBytes(answer.Body.ToJsonString(ArmJson.WriteOptions));
        response.ContentLength = bytes.Length;
        await response.Body.WriteAsync(bytes, context.RequestAborted);
    }
}
