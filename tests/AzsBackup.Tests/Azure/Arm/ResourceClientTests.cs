using System.Globalization;
using System.Text.Json.Nodes;
using AzsBackup.Engine.Stacks;
using AzsBackup.Model;
using AzsBackup.Tests.Azure.Fakes;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace AzsBackup.Tests.Azure.Arm;

public sealed class ResourceClientTests
{
    private const string Canary = "CANARY-5d1c";

    private static readonly ResourceId Disk = ResourceId.Create(FakeStack.Subscription, "rg", "Microsoft.Compute/disks", "d1");

    private static readonly string DiskBody = $$"""
        {"id":"{{Disk.ToString().Replace("/rg/", "/RG/", StringComparison.Ordinal)}}","zones":["1"],"properties":{"provisioningState":"Succeeded"} }
        """;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task GetAsync_Resource_KeepsEveryPropertyAndTheStacksSpelling()
    {
        await using var stack = await FakeStack.StartAsync();
        On(stack, Disk.ToString(), (context, _, _) => FakeStack.JsonAsync(context, 200, DiskBody, ("x-ms-request-id", "r-1")));
        var body = await (await stack.OpenResourcesAsync()).GetAsync(Disk, Ct);
        Assert.Contains("/RG/", body.Id.ToString(), StringComparison.Ordinal);
        Assert.Equal("1", body.Json.GetProperty("zones")[0].GetString());
        Assert.Equal("2019-07-01", body.ApiVersion);
        Assert.Equal("r-1", body.RequestId);
    }

    [Fact]
    public async Task GetAsync_ManyAtOnce_ReadTheProviderListOnce()
    {
        await using var stack = await FakeStack.StartAsync();
        On(stack, Disk.ToString(), (context, _, _) => FakeStack.JsonAsync(context, 200, DiskBody));
        var resources = await stack.OpenResourcesAsync();
        await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => resources.GetAsync(Disk, Ct)));
        Assert.Single(stack.Requests, request => request.Path.EndsWith("/providers", StringComparison.Ordinal));
    }

    [Fact]
    public async Task GetAsync_RefusedApiVersion_FallsBackOnceAndRemembers()
    {
        await using var stack = await FakeStack.StartAsync();
        On(stack, Disk.ToString(), (context, request, _) => request.Query.EndsWith("=2018-06-01", StringComparison.Ordinal)
            ? FakeStack.JsonAsync(context, 200, DiskBody)
            : FakeStack.JsonAsync(context, 400, """
                {"error":{"code":"NoRegisteredProviderFound","message":"No registered resource provider found for location 'local' and API version '2019-07-01' for type 'disks'. The supported api-versions are '2017-03-30, 2018-06-01'. The supported locations are 'local'."}}
                """));
        var resources = await stack.OpenResourcesAsync();
        Assert.Equal("2018-06-01", (await resources.GetAsync(Disk, Ct)).ApiVersion);
        Assert.Equal("2018-06-01", (await resources.GetAsync(Disk, Ct)).ApiVersion);
        Assert.Equal(3, stack.Requests.Count(request => request.Path == Disk.ToString()));
    }

    [Fact]
    public async Task ListAsync_SeveralPages_GivesAllInOrder()
    {
        await using var stack = await FakeStack.StartAsync();
        var path = $"/subscriptions/{FakeStack.Subscription}/resources";
        On(stack, path, (context, _, call) => FakeStack.JsonAsync(context, 200, call < 3
            ? $$"""{"value":[{"id":"{{Disk}}{{call}}"}],"nextLink":"{{stack.Root}}{{path}}?api-version=2019-10-01&$skiptoken={{call}}"}"""
            : $$"""{"value":[{"id":"{{Disk}}{{call}}"}],"nextLink":""}"""));
        var names = new List<string>();
        await foreach (var item in (await stack.OpenResourcesAsync()).ListAsync(path, "Microsoft.Resources/resources", Ct)) names.Add(item.Id.Name);
        Assert.Equal(["d11", "d12", "d13"], names);
    }

    [Theory]
    [InlineData("https://127.0.0.2/next", "ForeignLinkRefused")]
    [InlineData("http://127.0.0.1/next", "ForeignLinkRefused")]
    [InlineData("{root}.evil.test/next", "ForeignLinkRefused")]
    [InlineData("{root}/loop", "PagingLoop")]
    public async Task ListAsync_NextLinkThatMustNotBeFollowed_Fails(string link, string errorId)
    {
        await using var stack = await FakeStack.StartAsync();
        var path = $"/subscriptions/{FakeStack.Subscription}/resources";
        var page = $$"""{"value":[],"nextLink":"{{link.Replace("{root}", stack.Root, StringComparison.Ordinal)}}"}""";
        On(stack, path, (context, _, _) => FakeStack.JsonAsync(context, 200, page), also: "/loop");
        var resources = await stack.OpenResourcesAsync();
        var failure = await Assert.ThrowsAsync<AzsException>(async () =>
        {
            await foreach (var unused in resources.ListAsync(path, "Microsoft.Resources/resources", Ct)) Assert.Fail(unused.Id.ToString());
        });
        Assert.Equal(errorId, failure.ErrorId);
    }

    [Fact]
    public async Task PutAsync_AsyncOperation_IsPolledAndTheResourceReadAtTheEnd()
    {
        await using var stack = await FakeStack.StartAsync();
        On(stack, Disk.ToString(), (context, request, _) => request.Method == "PUT"
            ? FakeStack.JsonAsync(context, 201, """{"properties":{"provisioningState":"Updating"}}""", ("Azure-AsyncOperation", stack.Root + "/op"), ("Retry-After", "7"))
            : FakeStack.JsonAsync(context, 200, DiskBody));
        On(stack, "/op", (context, _, call) => FakeStack.JsonAsync(context, 200, call < 3 ? """{"status":"InProgress"}""" : """{"status":"Succeeded"}"""));
        var body = await (await stack.OpenResourcesAsync()).PutAsync(Disk, new JsonObject { ["location"] = "local" }, Ct);
        Assert.Equal("Succeeded", body.FindText("properties", "provisioningState"));
        Assert.Equal([7, 0.2, 0.32], stack.Clock.Waits.Select(wait => Math.Round(wait.TotalSeconds, 2)));
        Assert.Equal("""{"location":"local"}""", stack.Requests.Single(request => request.Method == "PUT").Body);
    }

    [Fact]
    public async Task PutAsync_LocationOnly_IsPolledUntilItIsNo202()
    {
        await using var stack = await FakeStack.StartAsync();
        On(stack, Disk.ToString(), (context, request, _) => request.Method == "PUT"
            ? FakeStack.JsonAsync(context, 202, "", ("Location", stack.Root + "/op"))
            : FakeStack.JsonAsync(context, 200, DiskBody));
        On(stack, "/op", (context, _, call) => FakeStack.JsonAsync(context, call < 4 ? 202 : 200, ""));
        await (await stack.OpenResourcesAsync()).PutAsync(Disk, [], Ct);
        Assert.Equal(4, stack.Requests.Count(request => request.Path == "/op"));
    }

    [Fact]
    public async Task PutAsync_NoHeader_PollsTheProvisioningState()
    {
        await using var stack = await FakeStack.StartAsync();
        On(stack, Disk.ToString(), (context, _, call) => FakeStack.JsonAsync(
            context, 200, call < 4 ? """{"properties":{"provisioningState":"Creating"}}""" : DiskBody));
        var body = await (await stack.OpenResourcesAsync()).PutAsync(Disk, [], Ct);
        Assert.Equal("Succeeded", body.FindText("properties", "provisioningState"));
        Assert.Equal(4, stack.Requests.Count(request => request.Path == Disk.ToString()));
    }

    [Fact]
    public async Task PutAsync_Finished_IsNotReadAgain()
    {
        await using var stack = await FakeStack.StartAsync();
        On(stack, Disk.ToString(), (context, _, _) => FakeStack.JsonAsync(context, 200, DiskBody));
        await (await stack.OpenResourcesAsync()).PutAsync(Disk, [], Ct);
        Assert.Single(stack.Requests, request => request.Path == Disk.ToString());
        Assert.Empty(stack.Clock.Waits);
    }

    [Theory]
    [InlineData("""{"status":"Failed","error":{"code":"DiskSourceMissing","message":"It is gone."}}""", "OperationFailed", "DiskSourceMissing")]
    [InlineData("""{"status":"Failed","error":{"code":"QuotaExceeded","message":"No room."}}""", "QuotaExceeded", "No room.")]
    [InlineData("""{"status":"Canceled"}""", "OperationCanceled", "gave no reason")]
    public async Task PutAsync_OperationFailsWithStatus200_CarriesTheStacksReason(string operation, string errorId, string said)
    {
        await using var stack = await FakeStack.StartAsync();
        On(stack, Disk.ToString(), (context, _, _) => FakeStack.JsonAsync(context, 202, "", ("Azure-AsyncOperation", stack.Root + "/op")));
        On(stack, "/op", (context, _, _) => FakeStack.JsonAsync(context, 200, operation));
        var resources = await stack.OpenResourcesAsync();
        var failure = await Assert.ThrowsAsync<AzsException>(() => resources.PutAsync(Disk, [], Ct));
        Assert.Equal(errorId, failure.ErrorId);
        Assert.Contains(said, failure.Message, StringComparison.Ordinal);
        Assert.Equal(Disk.ToString(), failure.Target);
    }

    [Fact]
    public async Task PutAsync_ProvisioningFailed_IsAFailure()
    {
        await using var stack = await FakeStack.StartAsync();
        On(stack, Disk.ToString(), (context, _, call) => FakeStack.JsonAsync(
            context, 200, call == 1 ? """{"properties":{"provisioningState":"Creating"}}""" : """{"properties":{"provisioningState":"Failed"}}"""));
        var resources = await stack.OpenResourcesAsync();
        Assert.Equal("OperationFailed", (await Assert.ThrowsAsync<AzsException>(() => resources.PutAsync(Disk, [], Ct))).ErrorId);
    }

    [Fact]
    public async Task PutAsync_OperationThatNeverEnds_IsGivenUp()
    {
        await using var stack = await FakeStack.StartAsync();
        On(stack, Disk.ToString(), (context, _, _) => FakeStack.JsonAsync(context, 202, "", ("Azure-AsyncOperation", stack.Root + "/op")));
        On(stack, "/op", (context, _, _) => FakeStack.JsonAsync(context, 200, """{"status":"InProgress"}""", ("Retry-After", "3600")));
        var resources = (await stack.ConnectAsync()).Resources;
        var failure = await Assert.ThrowsAsync<AzsException>(() => resources.PutAsync(Disk, [], Ct));
        Assert.Equal(AzsErrorKind.TimedOut, failure.Kind);
        Assert.All(stack.Clock.Waits, wait => Assert.True(wait <= TimeSpan.FromMinutes(2)));
    }

    [Fact]
    public async Task PutAsync_OperationOnAnotherHost_IsNotFollowed()
    {
        await using var stack = await FakeStack.StartAsync();
        On(stack, Disk.ToString(), (context, _, _) => FakeStack.JsonAsync(context, 202, "", ("Azure-AsyncOperation", "https://127.0.0.2/op")));
        var resources = await stack.OpenResourcesAsync();
        Assert.Equal("ForeignLinkRefused", (await Assert.ThrowsAsync<AzsException>(() => resources.PutAsync(Disk, [], Ct))).ErrorId);
    }

    [Theory]
    [InlineData("direct")]
    [InlineData("location")]
    [InlineData("operation then location")]
    [InlineData("output")]
    public async Task PostAsync_EachWayToGiveAResult_GivesIt(string way)
    {
        const string Result = """{"accessSAS":"https://md/x?sig=1"}""";
        await using var stack = await FakeStack.StartAsync();
        On(stack, Disk + "/beginGetAccess", (context, _, _) => way switch
        {
            "direct" => FakeStack.JsonAsync(context, 200, Result),
            "location" => FakeStack.JsonAsync(context, 202, "", ("Location", stack.Root + "/result")),
            "output" => FakeStack.JsonAsync(context, 202, "", ("Azure-AsyncOperation", stack.Root + "/op")),
            _ => FakeStack.JsonAsync(context, 202, "", ("Azure-AsyncOperation", stack.Root + "/op"), ("Location", stack.Root + "/result")),
        });
        On(stack, "/op", (context, _, _) => FakeStack.JsonAsync(
            context, 200, way == "output" ? $$"""{"status":"Succeeded","properties":{"output":{{Result}} } }""" : """{"status":"Succeeded"}"""));
        On(stack, "/result", (context, _, call) => FakeStack.JsonAsync(context, call == 1 ? 202 : 200, call == 1 ? "" : Result));
        var result = await (await stack.OpenResourcesAsync()).PostAsync(Disk, "beginGetAccess", new JsonObject { ["access"] = "Read" }, Ct);
        Assert.Equal("https://md/x?sig=1", result!.Value.GetProperty("accessSAS").GetString());
    }

    [Fact]
    public async Task PostAsync_NoResult_GivesNull()
    {
        await using var stack = await FakeStack.StartAsync();
        On(stack, Disk + "/endGetAccess", (context, _, _) => FakeStack.JsonAsync(
            context, 202, "", ("Azure-AsyncOperation", stack.Root + "/op"), ("Location", stack.Root + "/result")));
        On(stack, "/op", (context, _, _) => FakeStack.JsonAsync(context, 200, """{"status":"Succeeded"}"""));
        On(stack, "/result", (context, _, _) => FakeStack.JsonAsync(context, 200, ""));
        Assert.Null(await (await stack.OpenResourcesAsync()).PostAsync(Disk, "endGetAccess", null, Ct));
    }

    [Theory]
    [InlineData(204, false)]
    [InlineData(404, false)]
    [InlineData(202, true)]
    [InlineData(202, false)]
    public async Task DeleteAsync_HoweverTheStackAnswers_EndsWhenItIsGone(int status, bool withOperation)
    {
        await using var stack = await FakeStack.StartAsync();
        On(stack, Disk.ToString(), (context, request, call) => request.Method == "GET"
            ? FakeStack.JsonAsync(context, call < 4 ? 200 : 404, call < 4 ? DiskBody : "")
            : FakeStack.JsonAsync(context, status, "", withOperation ? [("Location", stack.Root + "/op")] : []));
        On(stack, "/op", (context, _, call) => FakeStack.JsonAsync(context, call < 3 ? 202 : 404, ""));
        await (await stack.OpenResourcesAsync()).DeleteAsync(Disk, Ct);
        Assert.Equal(withOperation ? 3 : 0, stack.Requests.Count(request => request.Path == "/op"));
        Assert.Equal(status == 202 && !withOperation ? 3 : 0, stack.Requests.Count(request => request.Line.StartsWith($"GET {Disk}?", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("seconds", 4.0)]
    [InlineData("date", 58.0)]
    [InlineData("absent", 0.4)]
    public async Task GetAsync_Throttled_WaitsAsAskedAndTriesAgain(string form, double leastWait)
    {
        await using var stack = await FakeStack.StartAsync();
        On(stack, Disk.ToString(), (context, _, call) =>
        {
            if (call > 1) return FakeStack.JsonAsync(context, 200, DiskBody);
            if (form == "seconds") context.Response.Headers.RetryAfter = "4";
            if (form == "date") context.Response.Headers.RetryAfter = stack.Clock.GetUtcNow().AddSeconds(60).ToString("R", CultureInfo.InvariantCulture);
            return FakeStack.JsonAsync(context, 429, """{"error":{"code":"SubscriptionRequestsThrottled","message":"Slow down."}}""");
        });
        await (await stack.OpenResourcesAsync()).GetAsync(Disk, Ct);
        var wait = Assert.Single(stack.Clock.Waits);
        Assert.InRange(wait.TotalSeconds, leastWait, leastWait + 3);
    }

    [Theory]
    [InlineData("1", 20, 60)]
    [InlineData("3600", 1, 1)]
    public async Task GetAsync_ThrottledForGood_GivesUp(string retryAfter, int least, int most)
    {
        await using var stack = await FakeStack.StartAsync();
        On(stack, Disk.ToString(), (context, _, _) => FakeStack.JsonAsync(
            context, 429, """{"error":{"code":"SubscriptionRequestsThrottled","message":"Slow down."}}""", ("Retry-After", retryAfter)));
        var resources = await stack.OpenResourcesAsync();
        var failure = await Assert.ThrowsAsync<AzsException>(() => resources.GetAsync(Disk, Ct));
        Assert.Equal("RequestsThrottled", failure.ErrorId);
        Assert.Equal(AzsErrorKind.LimitExceeded, failure.Kind);
        Assert.InRange(stack.Requests.Count(request => request.Path == Disk.ToString()), least, most);
    }

    [Fact]
    public async Task GetAsync_TransientTrouble_IsOvercome()
    {
        await using var stack = await FakeStack.StartAsync();
        int[] statuses = [500, 502, 503, 504, 408];
        On(stack, Disk.ToString(), (context, _, call) =>
        {
            if (call == 6) context.Abort();
            return call <= 5 ? FakeStack.JsonAsync(context, statuses[call - 1], "") : FakeStack.JsonAsync(context, 200, DiskBody);
        });
        await (await stack.OpenResourcesAsync()).GetAsync(Disk, Ct);
        Assert.Equal(7, stack.Requests.Count(request => request.Path == Disk.ToString()));
    }

    [Fact]
    public async Task GetAsync_AnswerWithoutABody_IsAskedForAgain()
    {
        await using var stack = await FakeStack.StartAsync();
        On(stack, Disk.ToString(), (context, _, call) => FakeStack.JsonAsync(context, 200, call < 3 ? "" : DiskBody));
        Assert.Equal(Disk, (await (await stack.OpenResourcesAsync()).GetAsync(Disk, Ct)).Id);
        Assert.Equal(3, stack.Requests.Count(request => request.Path == Disk.ToString()));
    }

    [Fact]
    public async Task ListAsync_NeverABody_IsToldRatherThanTakenForNothing()
    {
        await using var stack = await FakeStack.StartAsync();
        var path = $"/subscriptions/{FakeStack.Subscription}/providers/Microsoft.Compute/disks";
        On(stack, path, (context, _, _) => FakeStack.JsonAsync(context, 200, ""));
        var resources = await stack.OpenResourcesAsync();
        var failure = await Assert.ThrowsAsync<AzsException>(async () => await resources.ListAsync(path, "Microsoft.Compute/disks", Ct).CountAsync(Ct));
        Assert.Equal("ReplyMalformed", failure.ErrorId);
    }

    [Fact]
    public async Task PutAsync_OperationAnswersWithoutABody_IsNotTakenForItsEnd()
    {
        await using var stack = await FakeStack.StartAsync();
        On(stack, Disk.ToString(), (context, request, _) => FakeStack.JsonAsync(
            context, request.Method == "PUT" ? 202 : 200, DiskBody, ("Azure-AsyncOperation", stack.Root + "/op")));
        On(stack, "/op", (context, _, call) => FakeStack.JsonAsync(context, 200, call switch
        {
            1 => "",
            2 => """{"status":"InProgress"}""",
            _ => """{"status":"Succeeded"}""",
        }));
        await (await stack.OpenResourcesAsync()).PutAsync(Disk, new JsonObject(), Ct);
        Assert.Equal(3, stack.Requests.Count(request => request.Path == "/op"));
    }

    public static TheoryData<int, string, AzsErrorKind, string, string> Refusals => new()
    {
        { 401, Error("ExpiredAuthenticationToken"), AzsErrorKind.AuthenticationFailed, "SignInRefused", "ExpiredAuthenticationToken" },
        {
            403,
            Error("AuthorizationFailed", "The client 'x' with object id 'y' does not have authorization to perform action 'Microsoft.Compute/disks/write' over scope '/subscriptions/s' or the scope is invalid."),
            AzsErrorKind.PermissionDenied, "PermissionMissing", "AuthorizationFailed"
        },
        { 403, Error("RequestDisallowedByPolicy"), AzsErrorKind.PermissionDenied, "DeniedByPolicy", "RequestDisallowedByPolicy" },
        { 404, Error("ResourceGroupNotFound"), AzsErrorKind.NotFound, "ResourceNotFound", "ResourceGroupNotFound" },
        { 409, Error("ScopeLocked"), AzsErrorKind.Busy, "ScopeLocked", "ScopeLocked" },
        { 409, Error("OperationNotAllowed", "Operation results in exceeding quota limits of Core."), AzsErrorKind.LimitExceeded, "QuotaExceeded", "OperationNotAllowed" },
        { 409, Error("Conflict"), AzsErrorKind.Busy, "ResourceConflict", "Conflict" },
        { 409, Error("StorageAccountAlreadyTaken"), AzsErrorKind.AlreadyExists, "ResourceAlreadyExists", "StorageAccountAlreadyTaken" },
        { 409, Error("MissingSubscriptionRegistration"), AzsErrorKind.NotSupported, "ProviderNotRegistered", "MissingSubscriptionRegistration" },
        { 412, Error("PreconditionFailed"), AzsErrorKind.Busy, "ResourceChanged", "PreconditionFailed" },
        { 400, Error("InvalidParameter"), AzsErrorKind.RemoteFailed, "RequestRefused", "InvalidParameter" },
        { 400, """{"code":"BadRequest","message":"Unwrapped, as older providers send it."}""", AzsErrorKind.RemoteFailed, "RequestRefused", "Unwrapped" },
        { 500, Error("InternalServerError"), AzsErrorKind.RemoteFailed, "StackFailed", "InternalServerError" },
        { 503, "<html>gateway</html>", AzsErrorKind.RemoteFailed, "StackFailed", "503" },
        { 302, "", AzsErrorKind.RemoteFailed, "RequestRefused", "302" },
        { 200, "<html>proxy</html>", AzsErrorKind.RemoteFailed, "ReplyMalformed", "not JSON" },
        { 200, "", AzsErrorKind.RemoteFailed, "ReplyMalformed", "without a body" },
    };

    [Theory]
    [MemberData(nameof(Refusals))]
    public async Task GetAsync_Refused_IsToldInTheUsersWords(int status, string body, AzsErrorKind kind, string errorId, string said)
    {
        await using var stack = await FakeStack.StartAsync();
        On(stack, Disk.ToString(), (context, _, _) => FakeStack.JsonAsync(context, status, body));
        var resources = await stack.OpenResourcesAsync();
        var failure = await Assert.ThrowsAsync<AzsException>(() => resources.GetAsync(Disk, Ct));
        Assert.Equal(kind, failure.Kind);
        Assert.Equal(errorId, failure.ErrorId);
        Assert.Contains(said, failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("CANARY", failure + failure.NextStep, StringComparison.OrdinalIgnoreCase);
        if (body.Contains("perform action", StringComparison.Ordinal))
            Assert.Equal("Ask for a role that allows Microsoft.Compute/disks/write on /subscriptions/s, for example Contributor.", failure.NextStep);
    }

    [Fact]
    public async Task PutAsync_ErrorThatQuotesASignedUri_LosesTheSignature()
    {
        await using var stack = await FakeStack.StartAsync();
        On(stack, Disk.ToString(), (context, _, _) => FakeStack.JsonAsync(
            context, 400, Error("InvalidParameter", $"Source https://a.blob/x?sv=1&sig={Canary}%3D&se=2 is not accessible.")));
        var resources = await stack.OpenResourcesAsync();
        var failure = await Assert.ThrowsAsync<AzsException>(() => resources.PutAsync(Disk, new JsonObject { ["secret"] = Canary }, Ct));
        Assert.DoesNotContain("CANARY", failure.ToString(), StringComparison.Ordinal);
    }

    private static string Error(string code, string message = "It was refused.") =>
        $$$"""{"error":{"code":"{{{code}}}","message":"{{{message}}}"}}""";

    /// <summary>Answers a path; the call is given which it is, from 1.</summary>
    private static void On(FakeStack stack, string path, Func<HttpContext, SeenRequest, int, Task> answer, string? also = null)
    {
        var before = stack.Answer;
        var calls = 0;
        stack.Answer = async (context, request) =>
        {
            if (request.Path != path && request.Path != also) return await before(context, request);
            await answer(context, request, Interlocked.Increment(ref calls));
            return true;
        };
    }
}
