using System.Text.Json;
using System.Text.Json.Nodes;
using AzsBackup.Emulator.Arm;
using AzsBackup.Emulator.Deployments;
using AzsBackup.Emulator.Deployments.Expressions;

namespace AzsBackup.Emulator.Estates;

/// <summary>
/// What a template's evaluation left open is looked up among what is loaded already. An estate is what is there, not what is to
/// be made: what cannot be looked up, or needs more than joining texts, stays as it is written.
/// </summary>
internal sealed class EstateExpressions(StackState stack, ArmEngine arm)
{
    private static readonly Dictionary<string, JsonNode?> Nothing = [];
    private readonly EstateFunctions _functions = new(stack, new InnerRequests(arm.Handle));

    public JsonObject Resolve(EstateResource resource) =>
        resource.MayHoldExpressions ? (JsonObject)Resolve((JsonNode)resource.Body)! : resource.Body;

    private JsonNode? Resolve(JsonNode? node)
    {
        switch (node)
        {
            case JsonObject map:
                JsonObject copy = ArmJson.NewObject();
                foreach ((string name, JsonNode? value) in map)
                    copy[name] = Resolve(value);
                return copy;
            case JsonArray list:
                return new JsonArray([.. list.Select(Resolve)]);
            case JsonValue value when value.GetValueKind() == JsonValueKind.String && value.GetValue<string>().StartsWith('['):
                try
                {
                    return new RuntimeResolver(_functions, Nothing).Resolve(value);
                }
                catch (ArmException)
                {
                    return value.DeepClone();
                }

            default:
                return node?.DeepClone();
        }
    }

    private sealed class EstateFunctions(StackState stack, InnerRequests arm) : StackFunctions(stack, arm, $"{stack.SubscriptionScope}/resourceGroups/{EstateResource.TemplateGroup}")
    {
        /// <summary>Only secure parameters are left open, and no value that stood for one is ever read back.</summary>
        protected override JsonNode? Parameter(string name) => JsonValue.Create($"({name})");

        protected override JsonNode? Deployment() => throw ArmException.InvalidTemplate("An estate is no deployment.");

        protected override (string Id, string ApiVersion)? Planned(string named) => null;
    }
}
