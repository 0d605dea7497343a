using System.Globalization;
using System.Text.Json.Nodes;
using AzsBackup.Emulator.Faults;
using AzsBackup.Emulator.Persistence;

namespace AzsBackup.Emulator.Arm.Operations;

/// <summary>Running and finished operations. Nothing runs by itself: what is due by the stack's clock is completed before the next request is looked at.</summary>
internal sealed class OperationStore(StackState stack, FactTable<OperationRecord> facts)
{
    private const int Kept = 10_000;
    private readonly Dictionary<string, AsyncOperation> _operations = new(StringComparer.OrdinalIgnoreCase);
    private readonly Queue<string> _order = new();
    private readonly List<AsyncOperation> _running = [];
    private long _lastNumber;

    /// <summary>What becomes of the operations that the request at hand starts; set for each request.</summary>
    public OperationFault? Fault { get; set; }

    public int Running => _running.Count;

    /// <param name="place">Where its status and its result lie.</param>
    /// <param name="complete">Runs when the operation is due; gives its output.</param>
    /// <param name="intent">How to go on with it after a restart; without, an operation that was running then has failed.</param>
    /// <param name="fail">Runs in place of <paramref name="complete"/> when a fault lets the operation fail.</param>
    public AsyncOperation Start(OperationPlace place, Func<JsonNode?> complete, OperationIntent? intent = null, Action? fail = null)
    {
        string id = stack.Ids.NewId();
        DateTimeOffset due = Fault is { Fate: OperationFate.Hang } ? DateTimeOffset.MaxValue : stack.Now + stack.Options.OperationDuration;
        AsyncOperation operation = new(id, place, stack.Now, due, Fault is { Fate: OperationFate.Fail } fault ? () => Fail(fault, fail) : complete)
        {
            Number = ++_lastNumber,
            Intent = intent,
            HasVanished = Fault is { Fate: OperationFate.Vanish },
        };
        _operations[id] = operation;
        _order.Enqueue(id);
        _running.Add(operation);
        facts.Set(id, operation.ToRecord());
        if (_order.Count > Kept)
        {
            string oldest = _order.Dequeue();
            _operations.Remove(oldest);
            facts.Remove(oldest);
        }

        return operation;
    }

    /// <summary>Puts back what was there before a restart: operations that were running go on, or have failed if it is not known how.</summary>
    /// <param name="resume">What the operation does when it is due.</param>
    /// <param name="rewrite">Applied to what was kept before it is read.</param>
    public void Restore(Func<OperationIntent, Func<JsonNode?>> resume, Func<string, string> rewrite)
    {
        foreach (OperationRecord record in facts.Load(rewrite).Select(fact => fact.Value).OrderBy(record => record.Number))
        {
            AsyncOperation operation = AsyncOperation.Of(record, Resumed(record.Intent, resume));
            _operations[record.Id] = operation;
            _order.Enqueue(record.Id);
            _lastNumber = record.Number;
            if (operation.IsDone)
                continue;
            if (record.Intent is null)
                End(operation);
            else
                _running.Add(operation);
        }
    }

    /// <summary>Whether an operation is under way on a resource or resource group, as far as is known.</summary>
    public bool IsRunningOn(string target) => _running.Exists(operation => ArmPath.Equal(operation.Intent?.Target ?? "", target));

    public void Settle()
    {
        if (_running.Count == 0)
            return;
        DateTimeOffset now = stack.Now;
        // The order of their numbers among those due at one time: the sort is stable.
        foreach (AsyncOperation operation in _running.Where(operation => operation.DueAt <= now).OrderBy(operation => operation.DueAt).ToList())
        {
            _running.Remove(operation);
            End(operation);
            stack.Resources.Touch();
        }
    }

    /// <summary>The answer to a poll, or <see langword="null"/> if the path names no operation.</summary>
    public ArmResponse? Poll(ArmRequest request)
    {
        string id = request.Path.Text[(request.Path.Text.LastIndexOf('/') + 1)..];
        if (!_operations.TryGetValue(id, out AsyncOperation? operation) || !IsAt(request.Path.Text, operation))
            return null;
        if (operation.HasVanished)
            throw new ArmException(404, "NotFound", "The entity was not found.");
        bool wantsResult = operation.IsMonitored ? request.Query.ContainsKey("monitor") || request.Path.Provider is null : ArmPath.Equal(request.Path.Text, operation.ResultPath);
        ArmResponse response;
        if (!wantsResult)
            response = ArmResponse.Ok(operation.ToJson());
        else if (!operation.IsDone)
        {
            response = new ArmResponse(202);
            AddHeaders(response, request, operation, AsyncStyle.ResultLocation);
        }
        else if (operation.Failure is not null)
            response = ArmResponse.Error(operation.Failure);
        else
        {
            response = operation.Output is null ? new ArmResponse(operation.IsMonitored ? 200 : 204) : ArmResponse.Ok(operation.Output.DeepClone());
            // Network goes on naming the operation with its result (recorded: effectiveRouteTable, virtualNetworkGateways DELETE).
            if (operation.AnnouncesNotification && !operation.IsMonitored)
            {
                AddHeaders(response, request, operation, operation.Style);
                response.ContentType = "application/json; charset=utf-8";
            }
        }

        if (!operation.IsDone)
            AddRetryAfter(response);
        return response;
    }

    public void AddHeaders(ArmResponse response, ArmRequest request, AsyncOperation operation, AsyncStyle style)
    {
        if (!operation.Style.HasFlag(style))
        {
            operation.Style |= style;
            facts.Set(operation.Id, operation.ToRecord());
        }

        if (operation.AnnouncesNotification)
            response.Headers["Azure-AsyncNotification"] = "Enabled";
        if (style.HasFlag(AsyncStyle.StatusDocument))
            response.Headers["Azure-AsyncOperation"] = Url(request, operation, monitor: false);
        if (style.HasFlag(AsyncStyle.ResultLocation))
            response.Headers["Location"] = Url(request, operation, monitor: true);
        if (!operation.IsDone)
            AddRetryAfter(response);
    }

    private static bool IsAt(string path, AsyncOperation operation) => ArmPath.Equal(path, operation.Path) || ArmPath.Equal(path, operation.ResultPath);

    private static JsonNode? Fail(OperationFault fault, Action? fail)
    {
        fail?.Invoke();
        throw fault.Failure;
    }

    private static Func<JsonNode?> Resumed(OperationIntent? intent, Func<OperationIntent, Func<JsonNode?>> resume) => () => intent is null
        ? throw new ArmException(500, "InternalExecutionError", "An internal execution error occurred: the operation was interrupted by a restart of the stack.")
        : resume(intent)();

    private void End(AsyncOperation operation)
    {
        operation.Complete(stack.Now, stack.Unexpected);
        facts.Set(operation.Id, operation.ToRecord());
    }

    private static string Url(ArmRequest request, AsyncOperation operation, bool monitor) =>
        $"{request.BaseUri.GetLeftPart(UriPartial.Authority)}{(monitor ? operation.ResultPath : operation.Path)}?{(monitor && operation.IsMonitored && request.Path.Provider is not null ? "monitor=true&" : "")}api-version={Uri.EscapeDataString(request.ApiVersion)}";

    private void AddRetryAfter(ArmResponse response)
    {
        if (stack.Options.RetryAfterSeconds is { } seconds)
            response.Headers["Retry-After"] = seconds.ToString(CultureInfo.InvariantCulture);
    }
}
