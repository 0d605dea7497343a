using System.Runtime.CompilerServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Xunit;

namespace AzsBackup.Tests.Emulator.Estates;

/// <summary>
/// A file in the tests that lists what does not work, with reasons. What is not in it must work, and what is in it must not:
/// so the list can only shrink, and says what is true. With AZSBACKUP_UPDATE=1 it is written anew, for a person to look at.
/// </summary>
internal static class HeldFailures
{
    private static readonly JsonSerializerOptions Options = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <param name="file">The file's name, beside the calling test.</param>
    /// <param name="failures">What failed now, with reasons.</param>
    /// <param name="source">Filled in by the compiler.</param>
    public static void AssertHeld(string file, IReadOnlyDictionary<string, string> failures, [CallerFilePath] string source = "")
    {
        string path = Path.Combine(Path.GetDirectoryName(source)!, file);
        if (Environment.GetEnvironmentVariable("AZSBACKUP_UPDATE") == "1")
        {
            JsonObject found = new(failures.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)pair.Value)));
            File.WriteAllText(path, found.ToJsonString(Options) + "\n");
        }

        JsonObject held = (JsonObject)JsonNode.Parse(File.ReadAllText(path))!;
        string[] isNew = [.. failures.Where(pair => !held.ContainsKey(pair.Key)).Select(pair => $"{pair.Key}: {pair.Value}").Order(StringComparer.Ordinal)];
        string[] isGone = [.. held.Select(pair => pair.Key).Where(name => !failures.ContainsKey(name)).Order(StringComparer.Ordinal)];
        Assert.True(isNew.Length == 0, $"These worked before:\n{string.Join('\n', isNew)}");
        Assert.True(isGone.Length == 0, $"These work now; take them out of {file}:\n{string.Join('\n', isGone)}");
    }
}
