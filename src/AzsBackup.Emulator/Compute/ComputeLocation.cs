using System.Globalization;
using System.Text.Json.Nodes;
using AzsBackup.Emulator.Arm;

namespace AzsBackup.Emulator.Compute;

/// <summary>What compute tells of the stamp as a whole: sizes, usages, and what is in its marketplace.</summary>
internal sealed class ComputeLocation(StackState stack)
{
    private const string Publishers = "MICROSOFT.COMPUTE/LOCATIONS/PUBLISHERS";
    private static readonly (string Publisher, string Type, string Version)[] Extensions =
        [.. ArmJson.ReadResource("platform-images.json").Array("extensions")!.SelectMany(type => type.Array("versions")!.Select(version => (type.Text("publisher")!, type.Text("type")!, version!.GetValue<string>())))];

    private readonly ComputeQuotas _quotas = new(stack);

    /// <summary>The answer, or <see langword="null"/> if the path is none of these.</summary>
    public ArmResponse? Handle(ArmRequest request)
    {
        string type = (request.Path.Type ?? "").ToUpperInvariant();
        if (request.Method != "GET" || !type.StartsWith("MICROSOFT.COMPUTE/LOCATIONS/", StringComparison.Ordinal))
            return null;
        IReadOnlyList<string> names = request.Path.Names;
        RequireLocation(names[0]);
        return type switch
        {
            "MICROSOFT.COMPUTE/LOCATIONS/VMSIZES" => ArmResponse.Ok(VirtualMachineSize.List()),
            "MICROSOFT.COMPUTE/LOCATIONS/USAGES" => ArmResponse.Ok(_quotas.Usages()),
            Publishers => List(request, "", PlatformImage.All.Select(image => image.Publisher).Concat(Extensions.Select(extension => extension.Publisher))),
            Publishers + "/ARTIFACTTYPES/OFFERS" => List(request, $"{names[1]}/ArtifactTypes/VMImage/Offers/", Images(names).Select(image => image.Offer)),
            Publishers + "/ARTIFACTTYPES/OFFERS/SKUS" => List(request, $"{names[1]}/ArtifactTypes/VMImage/Offers/{names[3]}/Skus/", Images(names).Select(image => image.Sku)),
            Publishers + "/ARTIFACTTYPES/OFFERS/SKUS/VERSIONS" when !request.Path.IsResource =>
                List(request, $"{names[1]}/ArtifactTypes/VMImage/Offers/{names[3]}/Skus/{names[4]}/Versions/", Images(names).Select(image => image.Version)),
            Publishers + "/ARTIFACTTYPES/OFFERS/SKUS/VERSIONS" => ArmResponse.Ok(Image(names)),
            Publishers + "/ARTIFACTTYPES/TYPES" => List(request, $"{names[1]}/ArtifactTypes/VMExtension/Types/", Types(names).Select(extension => extension.Type)),
            Publishers + "/ARTIFACTTYPES/TYPES/VERSIONS" when !request.Path.IsResource =>
                List(request, $"{names[1]}/ArtifactTypes/VMExtension/Types/{names[3]}/Versions/", Types(names).Select(extension => extension.Version)),
            Publishers + "/ARTIFACTTYPES/TYPES/VERSIONS" => ArmResponse.Ok(Extension(names)),
            _ => null,
        };
    }

    private static bool Is(string left, string right) => ArmPath.Equal(left, right);

    private static IEnumerable<PlatformImage> Images(IReadOnlyList<string> names) => PlatformImage.All.Where(image =>
        Is(names[2], "vmimage") && Is(image.Publisher, names[1]) && (names.Count < 4 || Is(image.Offer, names[3])) && (names.Count < 5 || Is(image.Sku, names[4])));

    private static IEnumerable<(string Publisher, string Type, string Version)> Types(IReadOnlyList<string> names) => Extensions.Where(extension =>
        Is(names[2], "vmextension") && Is(extension.Publisher, names[1]) && (names.Count < 4 || Is(extension.Type, names[3])));

    private void RequireLocation(string location)
    {
        if (!Is(location.Replace(" ", "", StringComparison.Ordinal), stack.Location))
            throw new ArmException(400, "NoRegisteredProviderFound", $"No registered resource provider found for location '{location}'. The supported locations are '{stack.Location}'.");
    }

    /// <summary>A list as compute answers it: an array, not a page. <c>$top</c> and <c>$orderby=name desc</c> are honoured.</summary>
    private ArmResponse List(ArmRequest request, string path, IEnumerable<string> found)
    {
        IEnumerable<string> names = found.Distinct(StringComparer.OrdinalIgnoreCase).Order(StringComparer.OrdinalIgnoreCase);
        if (request.Query["$orderby"].ToString().EndsWith(" desc", StringComparison.OrdinalIgnoreCase))
            names = names.Reverse();
        if (int.TryParse(request.Query["$top"], NumberStyles.None, CultureInfo.InvariantCulture, out int top))
            names = names.Take(top);
        return ArmResponse.Ok(new JsonArray([.. names.Select(name => Entry(path, name))]));
    }

    private JsonObject Entry(string path, string name) => new()
    {
        ["location"] = stack.Location,
        ["name"] = name,
        ["id"] = $"/Subscriptions/{stack.SubscriptionId}/Providers/Microsoft.Compute/Locations/{stack.Location}/Publishers/{path}{name}",
    };

    private JsonObject Image(IReadOnlyList<string> names)
    {
        PlatformImage image = PlatformImage.Find(names[1], names[3], names[4], names[5]) ?? throw new ArmException(404, "NotFound", "Artifact: VMImage was not found.");
        JsonObject body = Entry($"{image.Publisher}/ArtifactTypes/VMImage/Offers/{image.Offer}/Skus/{image.Sku}/Versions/", image.Version);
        body["properties"] = new JsonObject
        {
            ["hyperVGeneration"] = "V1",
            ["disallowed"] = new JsonObject { ["vmDiskType"] = "None" },
            ["automaticOSUpgradeProperties"] = new JsonObject { ["automaticOSUpgradeSupported"] = false },
            ["osDiskImage"] = new JsonObject { ["operatingSystem"] = image.OsType },
            ["dataDiskImages"] = new JsonArray(),
        };
        return body;
    }

    private JsonObject Extension(IReadOnlyList<string> names)
    {
        (string publisher, string type, string version) = Types(names).FirstOrDefault(extension => Is(extension.Version, names[4]));
        if (version is null)
            throw new ArmException(404, "NotFound", "Artifact: VMExtension was not found.");
        JsonObject body = Entry($"{publisher}/ArtifactTypes/VMExtension/Types/{type}/Versions/", version);
        body["properties"] = new JsonObject
        {
            ["operatingSystem"] = type.Contains("Linux", StringComparison.Ordinal) || type == "CustomScript" ? "Linux" : "Windows",
            ["computeRole"] = "IaaS",
            ["handlerSchema"] = "",
            ["vmScaleSetEnabled"] = true,
            ["supportsMultipleExtensions"] = false,
        };
        return body;
    }
}
