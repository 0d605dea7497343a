namespace AzsBackup.HelpCompiler;

/// <summary>One example of a page: a title, code, and what there is to say about it.</summary>
internal sealed record HelpExample(string Title, string Code, IReadOnlyList<string> Remarks);
