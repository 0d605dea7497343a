using System.Text.Json;
using System.Text.Json.Nodes;
using AzsBackup.Emulator.Arm;
using AzsBackup.Emulator.Compute;
using AzsBackup.Emulator.Pages;

namespace AzsBackup.Emulator.Estates;

/// <summary>Fills a new stack with an estate: ARM bodies, and the contents of disks.</summary>
internal sealed class EstateLoader(StackState stack, ArmEngine arm, ManagedDisks disks)
{
    /// <summary>What others refer to comes first; what must not be in the way comes last.</summary>
    private static readonly string[] Order =
    [
        "Microsoft.Resources/resourceGroups", "Microsoft.Storage/storageAccounts", "Microsoft.Network/networkSecurityGroups",
        "Microsoft.Network/routeTables", "Microsoft.Network/publicIPAddresses", "Microsoft.Network/virtualNetworks",
        "Microsoft.Network/virtualNetworks/subnets", "Microsoft.Network/loadBalancers", "Microsoft.Network/networkInterfaces",
        "Microsoft.Compute/availabilitySets", "Microsoft.Compute/images", "Microsoft.Compute/disks", "Microsoft.Compute/snapshots",
        "Microsoft.Compute/virtualMachines",
    ];

    /// <param name="estate"><c>sample</c>, <c>generated:</c> and a number of resources, or the path of an estate file.</param>
    /// <param name="moreContent">Contents beside those the estate names, which take precedence.</param>
    /// <param name="cancellationToken">Ends the copying of contents.</param>
    /// <exception cref="EstateException">The estate or an image is not usable.</exception>
    public void Load(string? estate, IReadOnlyDictionary<string, string> moreContent, CancellationToken cancellationToken)
    {
        Dictionary<string, string> content = new(StringComparer.OrdinalIgnoreCase);
        if (estate is not null)
        {
            JsonObject document = Read(estate, out string directory);
            EstateExpressions expressions = new(stack, arm);
            IReadOnlyList<EstateResource> resources = EstateResource.ReadAll(document, estate, stack.SubscriptionScope);
            foreach (EstateResource resource in EstatePrerequisites.For(resources, stack.SubscriptionScope).Concat(resources).OrderBy(resource => Rank(resource.Id)))
                LoadOne(resource.Id, expressions.Resolve(resource), estate);
            foreach ((string disk, JsonNode? path) in document.Object("diskContent") ?? [])
                content[disk] = Path.Combine(directory, path?.GetValue<string>() ?? throw new EstateException($"The estate '{estate}' names no file for the disk '{disk}'."));
        }

        foreach ((string disk, string path) in moreContent)
            content[Fill(disk)] = path;
        foreach ((string disk, string path) in content)
            LoadContent(disk, path, cancellationToken);
    }

    private static int Rank(string id)
    {
        string type = ArmId.TryParse(id, out ArmId? parsed) ? parsed.Type : "Microsoft.Resources/resourceGroups";
        if (ArmPath.Equal(type, "Microsoft.Authorization/locks"))
            return int.MaxValue;
        int rank = Array.FindIndex(Order, known => ArmPath.Equal(known, type));
        return rank >= 0 ? rank : Order.Length + type.Count(c => c == '/');
    }

    private JsonObject Read(string estate, out string directory)
    {
        directory = Environment.CurrentDirectory;
        try
        {
            if (GeneratedEstate.CountOf(estate) is { } count)
                return (JsonObject)ArmJson.Parse(Fill(GeneratedEstate.Make(count).ToJsonString(ArmJson.WriteOptions)))!;
            if (ArmPath.Equal(estate, "sample"))
                return (JsonObject)ArmJson.Parse(Fill(ArmJson.ReadResource("sample.json").ToJsonString(ArmJson.WriteOptions)))!;
            directory = Path.GetDirectoryName(Path.GetFullPath(estate))!;
            return ArmJson.Parse(Fill(File.ReadAllText(estate))) as JsonObject ?? throw new EstateException($"The estate '{estate}' is not a JSON object.");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or JsonException)
        {
            throw new EstateException($"The estate '{estate}' cannot be read: {exception.Message}", exception);
        }
    }

    private string Fill(string text) => text
        .Replace("{subscriptionId}", stack.SubscriptionId, StringComparison.OrdinalIgnoreCase)
        .Replace("{tenantId}", stack.TenantId, StringComparison.OrdinalIgnoreCase)
        .Replace("{location}", stack.Location, StringComparison.OrdinalIgnoreCase)
        .Replace("{domain}", stack.Options.Domain, StringComparison.OrdinalIgnoreCase);

    private void LoadOne(string id, JsonObject body, string estate)
    {
        string[] segments = id.Trim('/').Split('/');
        try
        {
            if (segments.Length == 4 && ArmPath.Equal(segments[2], "resourceGroups"))
                arm.LoadGroup(segments[3], (JsonObject?)body.Object("tags")?.DeepClone());
            else if (!ArmId.TryParse(id, out ArmId? parsed))
                throw new EstateException($"The estate '{estate}' has a resource whose id is none: '{id}'.");
            else if (parsed.Subscription is not null && !ArmPath.Equal(parsed.Subscription, stack.SubscriptionId))
                throw new EstateException($"The estate '{estate}' has a resource of another subscription: '{id}'. Write {{subscriptionId}} for the stack's own.");
            else
            {
                RehomeBlobs(body);
                arm.Load(parsed, body);
            }
        }
        catch (ArmException refusal)
        {
            throw new EstateException($"The estate '{estate}' cannot be loaded: {id}: {refusal.Message}", refusal);
        }
    }

    /// <summary>Blob addresses of accounts in the estate become addresses on this stack, whatever cloud they were written for.</summary>
    private void RehomeBlobs(JsonObject body)
    {
        foreach ((JsonNode parent, string name, string value) in ArmJson.Texts(body).ToList())
        {
            if (!Uri.TryCreate(value, UriKind.Absolute, out Uri? uri) || uri.Host.Split('.') is not [var account, "blob", ..] || !stack.Accounts.ContainsKey(account))
                continue;
            ((JsonObject)parent)[name] = stack.BlobUri(account, uri.PathAndQuery).AbsoluteUri;
        }
    }

    private void LoadContent(string disk, string path, CancellationToken cancellationToken)
    {
        using DiskImage image = DiskImage.Open(path);
        image.WriteDifferences(Find(disk, path, image.DiskSize), cancellationToken);
    }

    /// <summary>The volume to fill, in the size of its image.</summary>
    private PageVolume Find(string disk, string path, long size)
    {
        lock (stack.Gate)
        {
            if (stack.Resources.Find(disk, ManagedDisks.DiskType) is { } managed)
            {
                disks.Fit(managed, size);
                return ((DiskState)managed.State!).Volume;
            }

            PageVolume blob = disks.FindBlob(disk) ?? throw new EstateException($"There is no disk '{disk}' in the estate to fill with '{path}'.");
            disks.SetSize(blob, size, stack.Ids.NewId());
            return blob;
        }
    }
}
