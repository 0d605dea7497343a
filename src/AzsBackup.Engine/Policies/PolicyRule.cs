using System.IO.Enumeration;
using AzsBackup.Engine.Stacks;

namespace AzsBackup.Engine.Policies;

/// <summary>Says which VMs are meant: those that fit all that it says. In texts <c>*</c> stands for anything and <c>?</c> for one letter; case does not matter.</summary>
public sealed record PolicyRule
{
    /// <summary>The VM's name is one of these; empty for any.</summary>
    public IReadOnlyList<string> VmName { get; init; } = [];

    /// <summary>Its resource group is one of these; empty for any.</summary>
    public IReadOnlyList<string> ResourceGroupName { get; init; } = [];

    /// <summary>Its subscription is one of these, by id; empty for the connection's own, or in an exclusion for any.</summary>
    public IReadOnlyList<string> SubscriptionId { get; init; } = [];

    /// <summary>It has all these tags with these values; a value of <c>*</c> means any.</summary>
    public IReadOnlyDictionary<string, string> Tag { get; init; } = new Dictionary<string, string>();

    /// <summary>Whether it says nothing.</summary>
    public bool IsEmpty() => VmName.Count == 0 && ResourceGroupName.Count == 0 && SubscriptionId.Count == 0 && Tag.Count == 0;

    /// <summary>Whether a VM fits.</summary>
    /// <param name="vm">The VM, as a listing shows it.</param>
    public bool Fits(ResourceBody vm) =>
        FitsAny(VmName, vm.Id.Name)
        && FitsAny(ResourceGroupName, vm.Id.ResourceGroupName ?? "")
        && FitsAny(SubscriptionId, vm.Id.SubscriptionId)
        && Tag.All(wanted => Tags(vm).Any(tag => tag.Name.Equals(wanted.Key, StringComparison.OrdinalIgnoreCase) && IsMatch(wanted.Value, tag.Value)));

    /// <summary>The rule in words.</summary>
    public string Describe()
    {
        var parts = new List<string>();
        Add("VmName", VmName);
        Add("ResourceGroupName", ResourceGroupName);
        Add("SubscriptionId", SubscriptionId);
        parts.AddRange(Tag.OrderBy(tag => tag.Key, StringComparer.Ordinal).Select(tag => $"Tag {tag.Key}={tag.Value}"));
        return string.Join("; ", parts);

        void Add(string name, IReadOnlyList<string> values)
        {
            if (values.Count > 0) parts.Add($"{name}={string.Join(",", values)}");
        }
    }

    private static bool FitsAny(IReadOnlyList<string> patterns, string text) => patterns.Count == 0 || patterns.Any(pattern => IsMatch(pattern, text));

    private static bool IsMatch(string pattern, string text) => FileSystemName.MatchesSimpleExpression(pattern.Replace("\\", "\\\\", StringComparison.Ordinal), text, ignoreCase: true);

    private static IEnumerable<(string Name, string Value)> Tags(ResourceBody vm) =>
        vm.Find("tags") is { ValueKind: System.Text.Json.JsonValueKind.Object } tags
            ? tags.EnumerateObject().Select(tag => (tag.Name, tag.Value.ToString()))
            : [];
}
