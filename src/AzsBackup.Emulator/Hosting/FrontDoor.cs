using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using AzsBackup.Emulator.Arm;
using AzsBackup.Emulator.Faults;
using AzsBackup.Emulator.Identity;
using AzsBackup.Emulator.Storage;
using Microsoft.AspNetCore.Http.Features;

namespace AzsBackup.Emulator.Hosting;

/// <summary>Takes every request of the stack's public ports: plays faults, then leads to blobs, the identity provider or ARM.</summary>
internal sealed class FrontDoor(StackState stack, ArmEngine arm, IdentityService identity, FaultPlan faults, RequestJournal journal)
{
    private int _readsLeft = 14_999;
    private int _writesLeft = 1_199;
    private int _deletesLeft = 14_999;

    public async Task HandleAsync(HttpContext context)
    {
        RecordedRequest entry = journal.Enter(context);
        try
        {
            Fault? fault = faults.Take(context.Request.Method, context.Request.Path + context.Request.QueryString);
            if (fault is null || !await PlayAsync(context, fault))
                await RouteAsync(context);
            entry.Status = context.Response.StatusCode;
        }
        catch (Exception exception) when (context.RequestAborted.IsCancellationRequested && exception is IOException or OperationCanceledException)
        {
            // The client, or a fault, has cut the connection: there is nobody to answer.
        }
    }

    /// <summary>True if the fault has answered.</summary>
    private async Task<bool> PlayAsync(HttpContext context, Fault fault)
    {
        if (fault.Latency > TimeSpan.Zero)
            await Task.Delay(fault.Latency, stack.Clock, context.RequestAborted);
        if (fault.Status is { } status)
        {
            string code = fault.Code ?? (status == 429 ? "SubscriptionRequestsThrottled" : "ServerBusy");
            if (fault.RetryAfter is not null)
                context.Response.Headers.RetryAfter = fault.RetryAfter;
            if (BlobTarget(context.Request) is not null)
            {
                context.Response.StatusCode = status;
                context.Response.ContentType = "application/xml";
                context.Response.Headers["x-ms-error-code"] = code;
                await context.Response.WriteAsync($"<?xml version=\"1.0\" encoding=\"utf-8\"?><Error><Code>{code}</Code><Message>A fault was asked for.</Message></Error>", context.RequestAborted);
            }
            else
                await WriteAsync(context, ArmResponse.Error(new ArmException(status, code, "A fault was asked for.")));
            return true;
        }

        long? limit = fault.DropAfterBytes ?? fault.TruncateAfterBytes;
        if (limit is null)
            return false;
        if (fault.DropAfterBytes is null)
        {
            context.Response.OnStarting(() =>
            {
                context.Response.ContentLength = null;
                return Task.CompletedTask;
            });
        }

        Stream body = new FaultyBody(context, context.Response.Body, limit.Value, breaks: fault.DropAfterBytes is not null);
        context.Features.Set<IHttpResponseBodyFeature>(new StreamResponseBodyFeature(body, context.Features.GetRequiredFeature<IHttpResponseBodyFeature>()));
        return false;
    }

    private async Task RouteAsync(HttpContext context)
    {
        if (BlobTarget(context.Request) is { } blob)
        {
            await stack.Blobs.HandleAsync(context, blob.Account, blob.Path);
            return;
        }

        if (context.Request.IsHttps == false)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        HttpRequest request = context.Request;
        if (request.Path.Equals("/metadata/endpoints", StringComparison.OrdinalIgnoreCase))
            await WriteAsync(context, identity.Metadata(request.Query["api-version"].ToString()));
        else if (await identity.HandleAsync(request, context.RequestAborted) is { } answer)
        {
            context.Response.Headers.CacheControl = "no-store, no-cache";
            await WriteAsync(context, answer);
        }
        else
            await WriteAsync(context, identity.Refuse(request.Headers.Authorization.ToString()) ?? await ArmAsync(context));
    }

    /// <summary>The account and the rest of the path, when a request is for the blob service.</summary>
    private (string Account, PathString Path)? BlobTarget(HttpRequest request)
    {
        string host = request.Host.Host;
        string suffix = $".blob.{stack.Location}.{stack.Options.Domain}";
        if (host.EndsWith(suffix, StringComparison.OrdinalIgnoreCase))
            return (host[..^suffix.Length].ToLowerInvariant(), request.Path);
        string path = request.Path.Value ?? "";
        int end = path.IndexOf('/', 1);
        string first = end < 0 ? path.TrimStart('/') : path[1..end];
        bool isAccount = first.StartsWith("md-", StringComparison.Ordinal) || (StorageAccountName.IsValid(first) && stack.Accounts.ContainsKey(first));
        return isAccount ? (first, end < 0 ? "/" : path[end..]) : null;
    }

    private async Task<ArmResponse> ArmAsync(HttpContext context)
    {
        HttpRequest request = context.Request;
        JsonObject? body = null;
        if (request.Method is not ("GET" or "HEAD"))
        {
            using StreamReader reader = new(request.Body, Encoding.UTF8);
            string text = await reader.ReadToEndAsync(context.RequestAborted);
            try
            {
                body = text.Trim().Length == 0 ? null : ArmJson.Parse(text) as JsonObject
                    ?? throw new JsonException("The body is not an object.");
            }
            catch (Exception exception) when (exception is JsonException or ArgumentException)
            {
                return ArmResponse.Error(new ArmException(400, "InvalidRequestContent", $"The request content was invalid and could not be deserialized: '{exception.Message}'."));
            }
        }

        Uri baseUri = new($"{request.Scheme}://{request.Host}/");
        ArmResponse response = await arm.HandleAsync(new ArmRequest(request.Method, ArmPath.Parse(request.Path.Value!), request.Query, baseUri, body), context.RequestAborted);
        (string kind, int left) = request.Method switch
        {
            "GET" or "HEAD" => ("reads", Interlocked.Decrement(ref _readsLeft)),
            "DELETE" => ("deletes", Interlocked.Decrement(ref _deletesLeft)),
            _ => ("writes", Interlocked.Decrement(ref _writesLeft)),
        };
        // Shown as a stamp shows it, and never enforced: throttling is a fault that is asked for.
        if (!ProviderHabits.IsUncounted(request.Method, request.Path))
            response.Headers["x-ms-ratelimit-remaining-subscription-" + kind] = Math.Max(1, left).ToString(CultureInfo.InvariantCulture);
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
