using System.Text.Json;
using System.Text.Json.Nodes;
using AzsBackup.Emulator.Arm;
using AzsBackup.Emulator.Authorization;
using AzsBackup.Emulator.Deployments.Expressions;
using AzsBackup.Emulator.Deployments.Planning;

namespace AzsBackup.Emulator.Deployments;

/// <summary>
/// Brings deployments forward. Like everything on the stack they do not run by themselves: each request first lets the active ones take the steps
/// that are due. A step writes every resource whose turn has come, so that independent ones are made side by side.
/// </summary>
internal sealed class DeploymentEngine(StackState stack, InnerRequests arm, DeploymentFactory factory)
{
    private int _isBusy;

    /// <summary>Takes what steps are due. If another request is at it already, this one does not wait.</summary>
    public async Task AdvanceAsync(CancellationToken cancellationToken)
    {
        if (Interlocked.Exchange(ref _isBusy, 1) != 0)
            return;
        try
        {
            while (true)
            {
                List<Func<CancellationToken, Task>> work = [];
                lock (stack.Gate)
                {
                    if (stack.Deployments.Active.Count == 0)
                        return;
                    using StackTurn turn = stack.Take();
                    stack.Operations.Settle();
                    // A fault of the request that happens to come now is not the deployment's.
                    stack.Operations.Fault = null;
                    foreach (DeploymentRecord record in stack.Deployments.Active)
                        Step(record, work);
                }

                // Only the Bicep CLI is waited for, and never with the gate held.
                if (work.Count == 0)
                    return;
                await Task.WhenAll(work.Select(task => task(cancellationToken)));
            }
        }
        finally
        {
            Volatile.Write(ref _isBusy, 0);
        }
    }

    /// <summary>A deployment writes and reads with the roles of whoever asked for it.</summary>
    private InnerRequests As(DeploymentRecord record) =>
        record.Caller is { } caller ? new InnerRequests(arm.Serve, new CallerAccess(caller, stack.Grants)) : arm;

    private void Step(DeploymentRecord record, List<Func<CancellationToken, Task>> work)
    {
        record.State = DeploymentState.Running;
        IReadOnlyList<PlannedResource> resources = record.Plan.Resources;
        foreach (PlannedResource resource in resources.Where(resource => resource.State == PlannedState.Running))
            Poll(resource);
        bool hasFailed = resources.Any(resource => resource.State == PlannedState.Failed);
        if (!hasFailed)
        {
            HashSet<string> done = new(resources.Where(resource => resource.IsDone).Select(resource => resource.Id), StringComparer.OrdinalIgnoreCase);
            foreach (PlannedResource resource in resources.Where(resource => resource.State == PlannedState.Waiting && resource.DependsOn.All(done.Contains)))
                Start(record, resource, work);
            hasFailed = resources.Any(resource => resource.State == PlannedState.Failed);
        }

        if (work.Count > 0 || resources.Any(resource => resource.State == PlannedState.Running))
            return;
        if (hasFailed)
            Fail(record, [.. resources.Where(resource => resource.State == PlannedState.Failed)]);
        else if (resources.All(resource => resource.IsDone))
            Finish(record, work);
        else
            // Something was skipped or was over at once: what waited for it is next.
            Step(record, work);
    }

    private void Start(DeploymentRecord record, PlannedResource resource, List<Func<CancellationToken, Task>> work)
    {
        resource.StartedAt = stack.Now;
        try
        {
            RuntimeResolver resolver = new(new DeploymentFunctions(record, stack, As(record)), record.Known);
            JsonNode? condition = resource.Condition is null ? null : resolver.Resolve(JsonValue.Create(resource.Condition));
            if (resolver.Wanted.Count == 0 && resource.Condition is not null && condition?.GetValueKind() != JsonValueKind.True)
            {
                resource.State = PlannedState.Skipped;
                return;
            }

            JsonObject body = (JsonObject)resolver.Resolve(resource.Body)!;
            if (resolver.Wanted.Count > 0)
                work.Add(token => AskAsync(record, resolver.Wanted, error => End(resource, error), token));
            else if (resource.IsDeployment)
            {
                resource.State = PlannedState.Running;
                work.Add(token => NestAsync(record, resource, body, token));
            }
            else
                Write(As(record), resource, body);
        }
        catch (ArmException refusal)
        {
            End(resource, refusal);
        }
    }

    private void Write(InnerRequests caller, PlannedResource resource, JsonObject body)
    {
        ArmResponse response = caller.Send("PUT", resource.Id, resource.ApiVersion, body);
        resource.StatusCode = response.Status;
        if (response.Status >= 300)
        {
            End(resource, PlannedState.Failed, response.Body.Object("error"));
            return;
        }

        resource.State = PlannedState.Running;
        string? operation = response.Headers.GetValueOrDefault("Azure-AsyncOperation") ?? response.Headers.GetValueOrDefault("Location");
        resource.PollAt = operation is null ? null : new Uri(operation).PathAndQuery;
        Poll(resource);
    }

    /// <summary>Asks as any client would, by the operation's status or, where a provider names none, by the resource itself.</summary>
    private void Poll(PlannedResource resource)
    {
        if (resource.IsDeployment)
        {
            if (stack.Deployments.Find(resource.Id) is { IsActive: false } nested)
                End(resource, nested.State == DeploymentState.Succeeded ? PlannedState.Succeeded : PlannedState.Failed, nested.Error);
            return;
        }

        ArmResponse response = resource.PollAt is { } path ? arm.Send("GET", path, null) : arm.Send("GET", resource.Id, resource.ApiVersion, null);
        if (response.Status == 404 && resource.PollAt is not null)
            response = arm.Send("GET", resource.Id, resource.ApiVersion, null);
        string state = response.Body.Text("status") ?? response.Body.Text("properties", "provisioningState") ?? (response.Status == 202 ? "InProgress" : "Succeeded");
        if (response.Status >= 300)
            End(resource, PlannedState.Failed, response.Body.Object("error"));
        else if (ArmPath.Equal(state, "Failed") || ArmPath.Equal(state, "Canceled"))
            End(resource, PlannedState.Failed, response.Body.Object("error"));
        else if (ArmPath.Equal(state, "Succeeded"))
            End(resource, PlannedState.Succeeded, null);
    }

    private void End(PlannedResource resource, ArmException refusal)
    {
        resource.StatusCode = refusal.Status;
        End(resource, PlannedState.Failed, refusal.ToError());
    }

    private void End(PlannedResource resource, PlannedState state, JsonObject? error)
    {
        resource.State = state;
        resource.EndedAt = stack.Now;
        if (state == PlannedState.Succeeded)
        {
            resource.StatusCode = resource.StatusCode is 0 or 202 ? 200 : resource.StatusCode;
            return;
        }

        // A refusal is shown as it came; an operation that failed later is ARM's conflict with what the provider said inside.
        error = (JsonObject?)error?.DeepClone() ?? new JsonObject { ["code"] = "InternalServerError", ["message"] = "The provider gave no reason." };
        bool isRefusal = resource.StatusCode >= 300;
        if (!isRefusal)
            resource.StatusCode = 409;
        resource.Error = isRefusal ? new JsonObject { ["error"] = error } : new JsonObject
        {
            ["status"] = "Failed",
            ["error"] = new JsonObject
            {
                ["code"] = "ResourceDeploymentFailure",
                ["message"] = "The resource operation completed with terminal provisioning state 'Failed'.",
                ["details"] = new JsonArray(error),
            },
        };
    }

    private void Fail(DeploymentRecord record, IReadOnlyList<PlannedResource> failed)
    {
        ArmException failure = new(409, "DeploymentFailed", "At least one resource deployment operation failed. Please list deployment operations for details. Please see https://aka.ms/DeployOperations for usage details.")
        {
            Details = new JsonArray([.. failed.Select(resource => new JsonObject
            {
                ["code"] = DeploymentViews.Word(resource.StatusCode),
                ["message"] = resource.Error!.ToJsonString(IndentedJson.Options),
            })]),
        };
        Fail(record, failure);
    }

    private void Fail(DeploymentRecord record, ArmException failure)
    {
        foreach (PlannedResource resource in record.Plan.Resources.Where(resource => resource.State == PlannedState.Waiting))
            resource.State = PlannedState.Skipped;
        record.Error = failure.ToError();
        record.End(DeploymentState.Failed, stack.Now);
    }

    private void Finish(DeploymentRecord record, List<Func<CancellationToken, Task>> work)
    {
        try
        {
            RuntimeResolver resolver = new(new DeploymentFunctions(record, stack, As(record)), record.Known);
            JsonObject outputs = (JsonObject)resolver.Resolve(record.Plan.Outputs)!;
            if (resolver.Wanted.Count > 0)
            {
                work.Add(token => AskAsync(record, resolver.Wanted, error => FailOutputs(record, error), token));
                return;
            }

            record.Outputs = outputs;
            record.End(DeploymentState.Succeeded, stack.Now);
        }
        catch (ArmException refusal)
        {
            FailOutputs(record, refusal);
        }
    }

    private void FailOutputs(DeploymentRecord record, ArmException refusal) => Fail(record, new ArmException(409, "DeploymentOutputEvaluationFailed",
        "Unable to evaluate template outputs. Please see error details and deployment operations. Please see https://aka.ms/arm-common-errors for usage details.")
    { Details = new JsonArray(refusal.ToError()) });

    private async Task AskAsync(DeploymentRecord record, IReadOnlyCollection<string> expressions, Action<ArmException> refuse, CancellationToken cancellationToken)
    {
        try
        {
            Dictionary<string, JsonNode?> values = await factory.Planner.EvaluateAsync(expressions, record.Target, cancellationToken);
            using (stack.Take())
                foreach ((string expression, JsonNode? value) in values)
                    record.Known[expression] = value;
        }
        catch (ArmException refusal)
        {
            using (stack.Take())
                refuse(refusal);
        }
    }

    private async Task NestAsync(DeploymentRecord record, PlannedResource resource, JsonObject body, CancellationToken cancellationToken)
    {
        try
        {
            JsonObject request = ArmJson.Copy(body);
            if (request.Object("properties") is { } properties && properties["template"] is null && properties["templateLink"] is null)
                properties["template"] = resource.InnerTemplate?.DeepClone();
            else if (request.Object("properties", "template") is { } outer)
                request.Ensure("properties")["template"] = DeploymentFactory.Literal(outer, new DeploymentFunctions(record, stack, As(record)));
            ArmId id = ArmId.Parse(resource.Id);
            DeploymentRecord nested = await factory.MakeAsync(id, request, record.Target.Location, record.CorrelationId, cancellationToken);
            nested.Caller = record.Caller;
            using (stack.Take())
            {
                if (!record.IsActive)
                    return;
                factory.RequireReplaceable(id);
                stack.Deployments.Put(nested);
                resource.StatusCode = 201;
            }
        }
        catch (ArmException refusal)
        {
            using (stack.Take())
                End(resource, refusal);
        }
        catch (OperationCanceledException)
        {
            // The client that waited is gone; whoever asks next tries again.
            using (stack.Take())
                resource.State = PlannedState.Waiting;
            throw;
        }
    }
}
