namespace AzsBackup.HelpCompiler;

/// <summary>An example of a page.</summary>
/// <param name="Title">What it does.</param>
/// <param name="Code">What to type.</param>
/// <param name="Remarks">What to know about it.</param>
internal sealed record HelpExample(string Title, string Code, IReadOnlyList<string> Remarks);
