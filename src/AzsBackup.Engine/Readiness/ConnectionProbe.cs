using AzsBackup.Engine.Stacks;
using AzsBackup.Model;

namespace AzsBackup.Engine.Readiness;

/// <summary>Whether the stack answers, over a line that is trusted, to who signed in, and whether its clock agrees with ours.</summary>
internal sealed class ConnectionProbe(IStack stack, TimeProvider clock) : IReadinessProbe
{
    /// <summary>A SAS is good from a few minutes before it was signed; tokens are taken five minutes off at most.</summary>
    private static readonly TimeSpan Tolerated = TimeSpan.FromMinutes(5);

    private static readonly TimeSpan Noticed = TimeSpan.FromMinutes(1);

    public string Name => "Connection";

    public async Task<IReadOnlyList<Finding>> RunAsync(CancellationToken cancellationToken)
    {
        var connection = stack.Connection;
        var began = clock.GetTimestamp();
        var subscription = await stack.Resources
            .GetAsync(ResourceId.Parse($"/subscriptions/{connection.SubscriptionId}"), cancellationToken).ConfigureAwait(false);
        var took = clock.GetElapsedTime(began);
        var findings = new List<Finding>
        {
            new(Name, AzsReadinessStatus.Ready, $"{stack.HostName} answered in {took.TotalMilliseconds:0} ms; its certificate is trusted."),
            new("Identity", AzsReadinessStatus.Ready, $"Signed in as {connection.Account ?? "an unnamed account"} in {connection.TenantId} ({connection.Identity})."),
        };
        var state = subscription.FindText("state");
        findings.Add(state is null or "Enabled"
            ? new Finding("Subscription", AzsReadinessStatus.Ready, $"Subscription {connection.SubscriptionId} is enabled.")
            : new Finding("Subscription", AzsReadinessStatus.Limited, $"Subscription {connection.SubscriptionId} is {state}.", "Ask the stack's operator to enable it."));
        findings.Add(await CompareClocksAsync(cancellationToken).ConfigureAwait(false));
        return findings;
    }

    private async Task<Finding> CompareClocksAsync(CancellationToken cancellationToken)
    {
        const string name = "Clock";
        if (await stack.ReadClockAsync(cancellationToken).ConfigureAwait(false) is not { } theirs)
            return new Finding(name, AzsReadinessStatus.Unknown, "The stack does not tell its time.");
        var apart = (theirs - clock.GetUtcNow()).Duration();

        // The stack tells whole seconds, and its answer took a moment.
        var said = $"The clocks of this machine and the stack are {Math.Round(apart.TotalSeconds):0} s apart.";
        return apart <= Noticed ? new Finding(name, AzsReadinessStatus.Ready, said) : new Finding(
            name,
            apart <= Tolerated ? AzsReadinessStatus.Limited : AzsReadinessStatus.Missing,
            said,
            "Set this machine's clock by a time server: signatures and tokens are refused when clocks disagree.");
    }
}
