using System.Text.Json.Nodes;

namespace AzsBackup.Emulator.Arm;

/// <summary>A request that ARM or a resource provider refuses, with the status, code and message it answers.</summary>
internal sealed class ArmException : Exception
{
    public ArmException(int status, string code, string message) : base(message)
    {
        Status = status;
        Code = code;
    }

    public int Status { get; }

    public string Code { get; }

    /// <summary>The <c>target</c> of the error, which compute adds when one property is at fault.</summary>
    public string? Target { get; init; }

    /// <summary>The <c>details</c> of the error, which deployments fill with those of their resources.</summary>
    public JsonArray? Details { get; init; }

    /// <summary>A template that cannot be deployed, in the words of ARM's validation.</summary>
    public static ArmException InvalidTemplate(string reason) =>
        new(400, "InvalidTemplate", $"Deployment template validation failed: '{reason}'.");

    public static ArmException NotFound(ArmId id) => new(404, "ResourceNotFound",
        id.ResourceGroup is { } group
            ? $"The Resource '{id.Type}/{string.Join('/', id.Names)}' under resource group '{group}' was not found."
            : $"The Resource '{id.Type}/{string.Join('/', id.Names)}' was not found.");

    public static ArmException GroupNotFound(string group) =>
        new(404, "ResourceGroupNotFound", $"Resource group '{group}' could not be found.");

    public static ArmException MissingReference(string id, string from) => new(400, "InvalidResourceReference",
        $"Resource {id} referenced by resource {from} was not found. Please make sure that the referenced resource exists, and that both resources are in the same region.");

    /// <summary>Where the id of another resource is expected stands something else.</summary>
    public static ArmException InvalidLink(string value) => new(400, "LinkedInvalidPropertyId",
        $"Property id '{value}' at path 'properties' is invalid. Expect fully qualified resource Id that start with '/subscriptions/{{subscriptionId}}' or '/providers/{{resourceProviderNamespace}}/'.");

    public static ArmException Parameter(string parameter, string message) =>
        new(400, "InvalidParameter", message) { Target = parameter };

    /// <summary>The error object inside ARM's envelope.</summary>
    public JsonObject ToError()
    {
        JsonObject error = new() { ["code"] = Code, ["message"] = Message };
        if (Target is not null)
            error["target"] = Target;
        if (Details is not null)
            error["details"] = Details.DeepClone();
        return error;
    }
}
