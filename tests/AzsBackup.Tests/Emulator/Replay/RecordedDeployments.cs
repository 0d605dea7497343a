using System.Text.Json.Nodes;

namespace AzsBackup.Tests.Emulator.Replay;

/// <summary>Gives deployments their names back: the recorder wrote <c>mock-deployment</c> into the requests' addresses, and left the answers as they were.</summary>
internal static class RecordedDeployments
{
    private const string Mask = "/deployments/mock-deployment";

    public static Recording Unmask(Recording recording)
    {
        List<RecordedInteraction> interactions = [];
        string? name = null;
        foreach (var interaction in recording.Interactions)
        {
            if (!interaction.Uri.OriginalString.Contains(Mask, StringComparison.Ordinal))
            {
                interactions.Add(interaction);
                continue;
            }

            if (interaction is { Method: "PUT", IsSuccess: true })
                name = JsonNode.Parse(interaction.AnswerText)?["name"]?.GetValue<string>();
            var address = name is null ? interaction.Uri.OriginalString : interaction.Uri.OriginalString.Replace(Mask, "/deployments/" + name, StringComparison.Ordinal);
            interactions.Add(interaction with { Uri = new Uri(address, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }) });
        }

        return recording with { Interactions = interactions };
    }
}
