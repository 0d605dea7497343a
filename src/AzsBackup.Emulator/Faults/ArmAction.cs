using AzsBackup.Emulator.Arm;

namespace AzsBackup.Emulator.Faults;

/// <summary>The name of an ARM request, in the form of role definitions: <c>Microsoft.Compute/snapshots/beginGetAccess/action</c>.</summary>
internal static class ArmAction
{
    public static string Of(string method, string path)
    {
        ArmPath parsed = ArmPath.Parse(path);
        string type = parsed.Type ?? (parsed.Provider is { } provider ? provider
            : "Microsoft.Resources/" + string.Join('/', parsed.ScopeSegments.Where((_, i) => i % 2 == 0)));
        return type + "/" + method switch
        {
            "GET" or "HEAD" => "read",
            "DELETE" => "delete",
            "POST" => "action",
            _ => "write",
        };
    }
}
