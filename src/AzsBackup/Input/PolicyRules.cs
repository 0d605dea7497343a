using System.Collections;
using System.Management.Automation;
using AzsBackup.Engine.Policies;
using AzsBackup.Model;

namespace AzsBackup.Input;

/// <summary>Rules as people type them: hash tables with the names of the parameters that mean the same.</summary>
internal static class PolicyRules
{
    /// <summary>Reads rules.</summary>
    /// <exception cref="AzsException"><c>PolicyRuleInvalid</c>.</exception>
    public static IReadOnlyList<PolicyRule> Read(IEnumerable<Hashtable> rules) => [.. rules.Select(Read)];

    /// <summary>Reads a rule.</summary>
    /// <exception cref="AzsException"><c>PolicyRuleInvalid</c>.</exception>
    public static PolicyRule Read(Hashtable rule)
    {
        var read = new PolicyRule();
        foreach (DictionaryEntry entry in rule)
        {
            var name = entry.Key.ToString() ?? "";
            read = name.ToUpperInvariant() switch
            {
                "VMNAME" or "NAME" => read with { VmName = Texts(entry.Value) },
                "RESOURCEGROUPNAME" => read with { ResourceGroupName = Texts(entry.Value) },
                "SUBSCRIPTIONID" => read with { SubscriptionId = Texts(entry.Value) },
                "TAG" when Unwrapped(entry.Value) is IDictionary tags => read with { Tag = Tags(tags) },
                "TAG" => throw Invalid("A Tag must be a hash table of names and values.", name),
                _ => throw Invalid($"A rule has no '{name}'.", name),
            };
        }

        return read;
    }

    /// <summary>Tags as a rule wants them.</summary>
    public static IReadOnlyDictionary<string, string> Tags(IDictionary tags)
    {
        var read = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (DictionaryEntry tag in tags) read[tag.Key.ToString() ?? ""] = Unwrapped(tag.Value)?.ToString() ?? "";
        return read;
    }

    private static string[] Texts(object? value) => LanguagePrimitives.ConvertTo<string[]>(value);

    private static object? Unwrapped(object? value) => value is PSObject wrapped ? wrapped.BaseObject : value;

    private static AzsException Invalid(string why, string name) => new(
        AzsErrorKind.InvalidInput,
        "PolicyRuleInvalid",
        why,
        "Give hash tables with the keys VmName, ResourceGroupName, SubscriptionId and Tag, for example @{ VmName = 'app-*'; Tag = @{ env = 'prod' } }.",
        name);
}
