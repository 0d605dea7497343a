using System.Text.Json.Nodes;
using AzsBackup.Emulator.Arm;

namespace AzsBackup.Emulator.Compute;

/// <summary>One version of a marketplace image.</summary>
/// <param name="Publisher">Who made it.</param>
/// <param name="Offer">What it is.</param>
/// <param name="Sku">Which edition.</param>
/// <param name="Version">Numbers with dots between.</param>
/// <param name="OsType">Windows or Linux.</param>
/// <param name="SizeGiB">The size of its OS disk.</param>
internal sealed record PlatformImage(string Publisher, string Offer, string Sku, string Version, string OsType, int SizeGiB)
{
    /// <summary>The versions an operator syndicated, from <c>platform-images.json</c>: what the quickstart templates for stamps and the recordings of other clients ask for.</summary>
    public static IReadOnlyList<PlatformImage> All { get; } = [.. ArmJson.ReadResource("platform-images.json").Array("images")!.SelectMany(Read)];

    /// <summary>The newest of the versions asked for, or <see langword="null"/>. <c>latest</c> stands for all.</summary>
    public static PlatformImage? Find(string? publisher, string? offer, string? sku, string? version) => All
        .Where(image => Is(image.Publisher, publisher) && Is(image.Offer, offer) && Is(image.Sku, sku) && (Is("latest", version) || Is(image.Version, version)))
        .MaxBy(image => image.Version, VersionOrder.Instance);

    private static IEnumerable<PlatformImage> Read(JsonNode? image) => image.Array("versions")!.Select(version => new PlatformImage(
        image.Text("publisher")!, image.Text("offer")!, image.Text("sku")!, version!.GetValue<string>(), image.Text("osType")!, (int)image.Number("sizeGiB")!.Value));

    private static bool Is(string left, string? right) => left.Equals(right, StringComparison.OrdinalIgnoreCase);

    /// <summary>Versions by their numbers, not their digits.</summary>
    private sealed class VersionOrder : IComparer<string>
    {
        public static readonly VersionOrder Instance = new();

        public int Compare(string? left, string? right)
        {
            long[] one = Numbers(left), other = Numbers(right);
            for (int i = 0; i < Math.Min(one.Length, other.Length); i++)
                if (one[i] != other[i])
                    return one[i].CompareTo(other[i]);
            return one.Length.CompareTo(other.Length);
        }

        private static long[] Numbers(string? version) =>
            [.. (version ?? "").Split('.').Select(part => long.Parse(part, System.Globalization.CultureInfo.InvariantCulture))];
    }
}
