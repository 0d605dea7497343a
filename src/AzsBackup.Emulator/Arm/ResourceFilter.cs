using System.Text.RegularExpressions;

namespace AzsBackup.Emulator.Arm;

/// <summary>The <c>$filter</c> of a resource list: comparisons joined by <c>and</c> and <c>or</c>, <c>and</c> binding tighter.</summary>
internal sealed partial class ResourceFilter
{
    private readonly List<List<Func<ArmResource, bool>>> _alternatives;
    private readonly string _text;

    private ResourceFilter(string text, List<List<Func<ArmResource, bool>>> alternatives) => (_text, _alternatives) = (text, alternatives);

    /// <exception cref="ArmException">The filter uses what ARM does not understand.</exception>
    public static ResourceFilter Parse(string text)
    {
        if (text.Length == 0)
            return new ResourceFilter(text, [[_ => true]]);
        return new ResourceFilter(text, [.. Or().Split(text).Select(part => And().Split(part).Select(ParseTerm).ToList()).Select(JoinTags)]);
    }

    /// <summary>Whether a comparison is with that property.</summary>
    public bool Names(string property) => _text.Contains(property + " ", StringComparison.OrdinalIgnoreCase);

    public bool Matches(ArmResource resource) => _alternatives.Any(terms => terms.All(term => term(resource)));

    private static List<Func<ArmResource, bool>> JoinTags(List<(string Property, string Operator, string Value)> terms)
    {
        string? tagValue = terms.Where(term => Is(term.Property, "tagValue")).Select(term => term.Value).FirstOrDefault();
        return [.. terms.Where(term => !Is(term.Property, "tagValue")).Select(term => Predicate(term, tagValue))];
    }

    private static Func<ArmResource, bool> Predicate((string Property, string Operator, string Value) term, string? tagValue)
    {
        (string property, string operation, string value) = term;
        if (Is(property, "tagName"))
            return resource => resource.Body.Object("tags")?[value] is { } found && (tagValue is null || found.ToString() == tagValue);
        Func<ArmResource, string?> get = property.ToUpperInvariant() switch
        {
            "RESOURCETYPE" => resource => resource.Id.Type,
            "NAME" => resource => resource.Id.Name,
            "RESOURCEGROUP" => resource => resource.Id.ResourceGroup,
            "LOCATION" => resource => resource.Body.Text("location"),
            _ => throw Invalid(property),
        };
        return operation.ToUpperInvariant() switch
        {
            "EQ" => resource => Is(get(resource), value),
            "NE" => resource => !Is(get(resource), value),
            _ => resource => get(resource)?.Contains(value, StringComparison.OrdinalIgnoreCase) == true,
        };
    }

    private static (string Property, string Operator, string Value) ParseTerm(string text)
    {
        Match match = Comparison().Match(text.Trim().Trim('(', ')'));
        if (match.Success)
            return (match.Groups["property"].Value, match.Groups["operator"].Value, Unquote(match.Groups["value"].Value));
        match = Substring().Match(text.Trim());
        return match.Success
            ? (match.Groups["property"].Value, "substringof", Unquote(match.Groups["value"].Value))
            : throw Invalid(text.Trim());
    }

    private static string Unquote(string value) => value.Replace("''", "'", StringComparison.Ordinal);

    private static bool Is(string? left, string right) => string.Equals(left, right, StringComparison.OrdinalIgnoreCase);

    private static ArmException Invalid(string part) =>
        new(400, "InvalidFilterInQueryString", $"Invalid $filter '{part}' specified in the query string.");

    [GeneratedRegex(@"\s+or\s+(?=(?:[^']*'[^']*')*[^']*$)", RegexOptions.IgnoreCase)]
    private static partial Regex Or();

    [GeneratedRegex(@"\s+and\s+(?=(?:[^']*'[^']*')*[^']*$)", RegexOptions.IgnoreCase)]
    private static partial Regex And();

    [GeneratedRegex(@"^(?<property>\w+)\s+(?<operator>eq|ne)\s+'(?<value>.*)'$", RegexOptions.IgnoreCase)]
    private static partial Regex Comparison();

    [GeneratedRegex(@"^substringof\('(?<value>.*)',\s*(?<property>\w+)\)$", RegexOptions.IgnoreCase)]
    private static partial Regex Substring();
}
