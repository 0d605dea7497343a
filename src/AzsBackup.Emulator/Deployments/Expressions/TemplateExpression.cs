using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using AzsBackup.Emulator.Arm;

namespace AzsBackup.Emulator.Deployments.Expressions;

/// <summary>A template expression taken apart: only so far that what is known at deploy time can be put in.</summary>
internal abstract record TemplateExpression
{
    /// <summary>The expression as a template writes it, without its brackets.</summary>
    public abstract override string ToString();

    /// <summary>This expression and all below it.</summary>
    public abstract IEnumerable<TemplateExpression> All();

    /// <summary>A value: written out, or put in for a call.</summary>
    internal sealed record Literal(JsonNode? Value) : TemplateExpression
    {
        /// <summary>The value, if it is text.</summary>
        public string? Text => Value?.GetValueKind() == JsonValueKind.String ? Value.GetValue<string>() : null;

        public override string ToString() => Value?.GetValueKind() switch
        {
            JsonValueKind.String => Quote(Value.GetValue<string>()),
            JsonValueKind.Number => Value.ToJsonString(),
            _ => $"json({Quote(Value?.ToJsonString(ArmJson.WriteOptions) ?? "null")})",
        };

        public override IEnumerable<TemplateExpression> All() => [this];

        private static string Quote(string text) => "'" + text.Replace("'", "''", StringComparison.Ordinal) + "'";
    }

    /// <summary>A call of a function.</summary>
    internal sealed record Call(string Name, IReadOnlyList<TemplateExpression> Arguments) : TemplateExpression
    {
        public bool Is(string name) => Name.Equals(name, StringComparison.OrdinalIgnoreCase);

        public override string ToString() => $"{Name}({string.Join(", ", Arguments)})";

        public override IEnumerable<TemplateExpression> All() => Arguments.SelectMany(argument => argument.All()).Prepend(this);
    }

    /// <summary>A property of a value.</summary>
    internal sealed record Member(TemplateExpression Target, string Name) : TemplateExpression
    {
        public override string ToString() => $"{Target}.{Name}";

        public override IEnumerable<TemplateExpression> All() => Target.All().Prepend(this);
    }

    /// <summary>An item of an array, or a property by a computed name.</summary>
    internal sealed record Index(TemplateExpression Target, TemplateExpression Key) : TemplateExpression
    {
        public override string ToString() => new StringBuilder().Append(CultureInfo.InvariantCulture, $"{Target}[{Key}]").ToString();

        public override IEnumerable<TemplateExpression> All() => Target.All().Concat(Key.All()).Prepend(this);
    }
}
