using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace AzsBackup.Emulator.Faults;

/// <summary>One entry of a fault file while it is read: typed access to its properties, and everything that is wrong with them.</summary>
internal sealed class FaultEntry(JsonObject entry)
{
    private readonly HashSet<string> _asked = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<string> _problems = [];

    public IReadOnlyList<string> Problems => _problems;

    public JsonObject Json => entry;

    public void Blame(string problem) => _problems.Add(problem);

    /// <summary>Blames every property that nobody has asked for.</summary>
    public void BlameUnknown()
    {
        string[] unknown = [.. entry.Select(property => property.Key).Where(name => !_asked.Contains(name))];
        if (unknown.Length > 0)
            Blame($"\"{string.Join("\", \"", unknown)}\" is no property of a fault. Known are {string.Join(", ", _asked.Order(StringComparer.Ordinal))}");
    }

    public bool Has(string name) => Find(name) is not null;

    public string? Text(string name) => Take(name, JsonValueKind.String, "text", value => value.GetValue<string>());

    /// <summary>A whole number of at least <paramref name="least"/>.</summary>
    public long? Whole(string name, long least, long most = long.MaxValue)
    {
        if (Take(name, JsonValueKind.Number, "a whole number", value => value.ToJsonString()) is not { } text)
            return null;
        if (long.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out long number) && number >= least && number <= most)
            return number;
        Blame(most == long.MaxValue ? $"\"{name}\" must be a whole number of at least {least}, not {text}" : $"\"{name}\" must be a whole number from {least} to {most}, not {text}");
        return null;
    }

    /// <summary>A number above 0 and up to 1.</summary>
    public double? Share(string name)
    {
        if (Take(name, JsonValueKind.Number, "a number", value => value.ToJsonString()) is not { } text)
            return null;
        double number = double.Parse(text, CultureInfo.InvariantCulture);
        if (number is > 0 and <= 1)
            return number;
        Blame($"\"{name}\" must be above 0 and at most 1, not {text}");
        return null;
    }

    public bool Flag(string name)
    {
        if (Find(name) is not { } node)
            return false;
        if (node.GetValueKind() == JsonValueKind.True)
            return true;
        Blame($"\"{name}\" can only be true; leave it out otherwise");
        return false;
    }

    public TimeSpan? Milliseconds(string name) => Whole(name, 0, int.MaxValue) is { } number ? TimeSpan.FromMilliseconds(number) : null;

    /// <summary>One of a set of words; <see langword="null"/> if it is absent.</summary>
    public T? Word<T>(string name, params (string Text, T Value)[] words) where T : struct
    {
        if (Text(name) is not { } text)
            return null;
        foreach ((string word, T value) in words)
            if (word.Equals(text, StringComparison.OrdinalIgnoreCase))
                return value;
        Blame($"\"{name}\" must be {string.Join(" or ", words.Select(word => $"\"{word.Text}\""))}, not \"{text}\"");
        return null;
    }

    public Regex? Pattern(string name)
    {
        if (Text(name) is not { } text)
            return null;
        try
        {
            return new Regex(text, RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));
        }
        catch (ArgumentException exception)
        {
            Blame($"\"{name}\" is no regular expression: {exception.Message}");
            return null;
        }
    }

    private T? Take<T>(string name, JsonValueKind kind, string what, Func<JsonNode, T> read) where T : class
    {
        if (Find(name) is not { } node)
            return null;
        if (node.GetValueKind() == kind)
            return read(node);
        Blame($"\"{name}\" must be {what}, not {node.ToJsonString()}");
        return null;
    }

    private JsonNode? Find(string name)
    {
        _asked.Add(name);
        return entry[name];
    }
}
