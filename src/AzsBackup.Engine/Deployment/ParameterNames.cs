using System.Text;

namespace AzsBackup.Engine.Deployment;

/// <summary>The parameters of a deployment: one for each thing that is asked for, under a name that says what it is.</summary>
internal sealed class ParameterNames
{
    private readonly Dictionary<string, DeploymentParameter> _byKey = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> _names = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The parameter for something, made when it is asked for first.</summary>
    /// <param name="key">What it is.</param>
    /// <param name="wish">A readable name, of any characters.</param>
    /// <param name="kind">What sort of thing it is.</param>
    /// <param name="description">For whoever deploys.</param>
    /// <param name="defaultValue">What holds if nothing is given.</param>
    public DeploymentValue.Parameter For(string key, string wish, DeploymentParameterKind kind, string description, DeploymentValue? defaultValue)
    {
        key = $"{kind}|{key}";
        if (!_byKey.TryGetValue(key, out var parameter)) _byKey.Add(key, parameter = new DeploymentParameter(Unused(Identifier(wish)), kind, description, defaultValue));
        return new DeploymentValue.Parameter(parameter);
    }

    /// <summary>A text as an identifier of both template languages.</summary>
    public static string Identifier(string text)
    {
        var made = new StringBuilder(text.Length);
        foreach (var letter in text) made.Append(char.IsAsciiLetterOrDigit(letter) ? letter : '_');
        if (made.Length == 0 || char.IsAsciiDigit(made[0])) made.Insert(0, '_');
        return made.ToString();
    }

    private string Unused(string wish)
    {
        var name = wish;
        for (var number = 2; !_names.Add(name); number++) name = $"{wish}_{number}";
        return name;
    }
}
