namespace AzsBackup.Emulator.Arm;

/// <summary>How single providers' answers look where it is no matter of a resource type (recorded: Azure CLI, profile 2020-09-01-hybrid).</summary>
internal static class ProviderHabits
{
    /// <summary>What ARM refuses itself, before a provider is asked.</summary>
    private static readonly HashSet<string> GatewayCodes =
    [
        "ResourceNotFound", "ResourceGroupNotFound", "SubscriptionNotFound", "ParentResourceNotFound", "ScopeLocked", "InvalidResourceType",
        "InvalidResourceNamespace", "NoRegisteredProviderFound", "MissingApiVersionParameter", "InvalidApiVersionParameter", "InvalidRequestUri",
    ];

    /// <summary>Gives an answer what its provider adds.</summary>
    public static void Apply(ArmRequest request, ArmResponse response)
    {
        if (response.Status >= 400)
        {
            if (response.Body.Text("error", "code") is { } code && GatewayCodes.Contains(code))
                response.Headers["x-ms-failure-cause"] = "gateway";
            return;
        }

        bool isStorage = request.Path.Provider is { } provider && ArmPath.Equal(provider, "Microsoft.Storage");
        // ARM answers lists from its own cache; all else of storage is the provider's.
        if (isStorage && (request.Path.IsResource || request.Method != "GET"))
            response.ContentType = response.Body is null ? "text/plain; charset=utf-8" : "application/json";
    }

    /// <summary>Whether a request has no part in the budget of writes: storage's own questions, sent as POST.</summary>
    public static bool IsUncounted(string method, string path) => method == "POST"
        && (path.EndsWith("/listKeys", StringComparison.OrdinalIgnoreCase) || path.EndsWith("/checkNameAvailability", StringComparison.OrdinalIgnoreCase));
}
